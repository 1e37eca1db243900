import assert from "node:assert/strict";
import { ARROWS, checkArrows } from "./arrows.ts";
import type { Import } from "./module_graph.ts";
import { fixtureWorkspace } from "./workspace_fixture.ts";

const workspace = fixtureWorkspace({
  "deno.json": `{ "imports": { "fast-check": "npm:fast-check@1.0.0" } }`,
  "s3/deno.json": `{ "imports": { "parser": "npm:parser@1.0.0" } }`,
  "auth/deno.json": "{}",
});

/** The messages for one import of one file. */
function messages(file: string, entry: Import): string[] {
  return checkArrows(workspace, [{ file, imports: [entry] }]).map(({ message }) => message);
}

Deno.test("an import along an arrow, by name, passes", () => {
  assert.deepEqual(
    messages("auth/sign.ts", { specifier: "@s3-edge-cache/s3", file: "s3/mod.ts" }),
    [],
  );
});

Deno.test("an import against the arrows is refused, in tests too", () => {
  const entry = { specifier: "@s3-edge-cache/auth", file: "auth/mod.ts" };
  assert.deepEqual(messages("s3/uri.ts", entry), ["s3 may not import auth (@s3-edge-cache/auth)"]);
  assert.equal(messages("s3/uri_test.ts", entry).length, 1);
});

Deno.test("nobody imports sim, tests or tools, but tests import sim", () => {
  for (const unit of Object.keys(ARROWS)) {
    for (const target of ["sim", "tests", "tools"].filter((name) => name !== unit)) {
      const found = messages(unit.endsWith(".ts") ? unit : `${unit}/a.ts`, {
        specifier: `@s3-edge-cache/${target}`,
        file: `${target}/mod.ts`,
      });
      assert.equal(found.length, unit === "tests" && target === "sim" ? 0 : 1, `${unit} ${target}`);
    }
  }
});

Deno.test("main.ts starts the proxy and imports nothing else", () => {
  assert.equal(messages("main.ts", { specifier: "./mod.ts", file: "mod.ts" }).length, 1);
  assert.equal(
    messages("main.ts", { specifier: "@s3-edge-cache/s3", file: "s3/mod.ts" }).length,
    1,
  );
  assert.deepEqual(
    messages("main.ts", { specifier: "@s3-edge-cache/proxy", file: "proxy/mod.ts" }),
    [],
  );
});

Deno.test("a package is imported by name from outside, by file from inside", () => {
  assert.match(
    messages("auth/sign.ts", { specifier: "../s3/mod.ts", file: "s3/mod.ts" })[0] ?? "",
    /by its name/,
  );
  assert.match(
    messages("s3/uri.ts", { specifier: "@s3-edge-cache/s3", file: "s3/mod.ts" })[0] ?? "",
    /its own package/,
  );
});

Deno.test("outside modules are pinned by the package that uses them", () => {
  const parser = { specifier: "parser", external: "npm:parser@1.0.0" };
  const fastCheck = { specifier: "fast-check", external: "npm:fast-check@1.0.0" };
  assert.deepEqual(messages("s3/xml.ts", parser), []);
  assert.equal(messages("auth/sign.ts", parser).length, 1);
  assert.equal(messages("s3/uri.ts", fastCheck).length, 1);
  assert.deepEqual(messages("s3/uri_test.ts", fastCheck), []);
});

Deno.test("inline versions, other registries and unresolved names are refused", () => {
  const npm = "npm:parser@1.0.0";
  assert.equal(messages("s3/xml.ts", { specifier: npm, external: npm }).length, 1);
  assert.equal(messages("s3/xml.ts", { specifier: "x", external: "https://x.example/" }).length, 1);
  assert.equal(messages("s3/xml.ts", { specifier: "x", error: "is unknown" }).length, 1);
  assert.deepEqual(messages("s3/xml.ts", { specifier: "node:fs", external: "node:fs" }), []);
});

Deno.test("a file of an unknown package is refused", () => {
  assert.match(
    checkArrows(workspace, [{ file: "extra/a.ts", imports: [] }])[0]?.message ?? "",
    /extra has no row/,
  );
});
