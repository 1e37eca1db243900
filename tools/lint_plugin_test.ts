import assert from "node:assert/strict";
import { runRule } from "./lint/run_rule.ts";

Deno.test("ambient-process: the environment and the end belong to entry points", () => {
  const refused = [
    `Deno.env.get("A");`,
    `globalThis.Deno.exit(1);`,
    `Deno["env"];`,
    `process.env.A;`,
    `process.exitCode = 1;`,
    `const { env } = Deno;`,
    `import { env } from "node:process";`,
    `import { exit as end } from "process";`,
  ];
  for (const text of refused) {
    assert.equal(runRule("ambient-process", "proxy/worker.ts", text).length, 1, text);
    for (const place of ["main.ts", "sim/demo.ts", "tests/a.ts", "tools/a.ts", "s3/a_test.ts"]) {
      assert.deepEqual(runRule("ambient-process", place, text), [], `${place}: ${text}`);
    }
  }
});

Deno.test("ambient-process: other members of Deno and others' env pass", () => {
  const text = `Deno.serve(() => new Response()); options.env; const { env } = options;`;
  assert.deepEqual(runRule("ambient-process", "proxy/worker.ts", text), []);
});

Deno.test("package-boundary: no relative way out", () => {
  const refused = [
    `import "../s3/mod.ts";`,
    `export { a } from "../s3/mod.ts";`,
    `export * from "../s3/mod.ts";`,
    `await import("../s3/mod.ts");`,
    `let a: import("../s3/mod.ts").A;`,
    `new URL("../s3/worker.ts", import.meta.url);`,
    `import.meta.resolve("../s3/worker.ts");`,
  ];
  for (const text of refused) {
    assert.equal(runRule("package-boundary", "proxy/front.ts", text).length, 1, text);
  }
});

Deno.test("package-boundary: the root's files reach members by name too", () => {
  assert.equal(runRule("package-boundary", "mod.ts", `export * from "./s3/mod.ts";`).length, 1);
  assert.deepEqual(runRule("package-boundary", "mod.ts", `export * from "@a/s3";`), []);
});

Deno.test("package-boundary: inside the package, and in tests by URL, it passes", () => {
  const inside = `import "../options.ts"; new URL("./worker.ts", import.meta.url);`;
  assert.deepEqual(runRule("package-boundary", "sim/origin/state.ts", inside), []);
  const main = `new URL("../main.ts", import.meta.url);`;
  assert.deepEqual(runRule("package-boundary", "tests/start_test.ts", main), []);
  assert.deepEqual(
    runRule("package-boundary", "proxy/a.ts", `new URL("../x", "https://s3.example/a/b")`),
    [],
  );
});

/** A function whose body has so many lines, and blank lines and comments besides. */
function functionOf(lines: number): string {
  const body = "  a();\n\n  // said\n".repeat(lines);
  return `function f() {\n${body}}\nconst g = () => {\n${body}};\nclass C { m() {\n${body}} }`;
}

Deno.test("function-length: 40 lines of code are allowed", () => {
  assert.deepEqual(runRule("function-length", "s3/a.ts", functionOf(40)), []);
  assert.equal(runRule("function-length", "s3/a.ts", functionOf(41)).length, 3);
  assert.deepEqual(runRule("function-length", "s3/a_test.ts", functionOf(41)), []);
});

Deno.test("literal-accessor: no accessor in an object literal", () => {
  const code = "const a = { get b() { return 1; }, set b(c) {}, d: 1, e() {}, get: 2 };";
  assert.equal(runRule("literal-accessor", "s3/a.ts", code).length, 2);
  assert.deepEqual(runRule("literal-accessor", "s3/a.ts", "class A { get b() { return 1; } }"), []);
});

Deno.test("module-state: no variable at the top of a module", () => {
  assert.equal(runRule("module-state", "s3/a.ts", "let a = 1; export let b = 2;").length, 2);
  assert.deepEqual(runRule("module-state", "s3/a.ts", "const a = 1; { let b = 2; }"), []);
});
