import assert from "node:assert/strict";
import { checkLaunch } from "./launch.ts";
import { fixtureWorkspace } from "./workspace_fixture.ts";

const START = "deno run --no-prompt --allow-net --allow-env=A,B main.ts";
const COMPILE = "deno compile --no-prompt --allow-net --allow-env=A,B --output dist/x main.ts";

/** The files with a finding, for these tasks and further files. */
async function faulty(
  tasks: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const workspace = fixtureWorkspace({ "deno.json": JSON.stringify({ tasks }), ...files });
  return (await checkLaunch(workspace)).map(({ file, message }) => `${file} ${message}`);
}

function dockerfile(...flags: string[]): Record<string, string> {
  return { "Dockerfile": `FROM x\nCMD ${JSON.stringify(["deno", "run", ...flags, "main.ts"])}\n` };
}

Deno.test("the same flags everywhere pass", async () => {
  const container = dockerfile("--cached-only", "--allow-net", "--no-prompt", "--allow-env=A,B");
  assert.deepEqual(await faulty({ start: START, compile: COMPILE }, container), []);
});

Deno.test("a permission more or less is refused", async () => {
  const wider = COMPILE.replace("--allow-net", "--allow-net --allow-read");
  assert.equal((await faulty({ start: START, compile: wider })).length, 1);
  const container = dockerfile("--no-prompt", "--allow-net");
  assert.match(
    (await faulty({ start: START, compile: COMPILE }, container))[0] ?? "",
    /Dockerfile/,
  );
});

Deno.test("a flag of V8's that only one way of starting has is refused", async () => {
  const start = START.replace("deno run", "deno run --v8-flags=--a");
  assert.match((await faulty({ start, compile: COMPILE }))[0] ?? "", /flags/);
});

Deno.test("start names its permissions", async () => {
  const all = "deno run -A main.ts";
  assert.match((await faulty({ start: all, compile: "deno compile -A main.ts" }))[0] ?? "", /name/);
});

Deno.test("compile includes every worker", async () => {
  const files = {
    "proxy/supervisor.ts": `const WORKER = new URL("./worker.ts", import.meta.url);`,
    "proxy/a_test.ts": `new Worker(new URL("./b.ts", import.meta.url))`,
  };
  assert.match(
    (await faulty({ start: START, compile: COMPILE }, files))[0] ?? "",
    /lacks --include proxy\/worker\.ts/,
  );
  const included = COMPILE.replace("main.ts", "--include proxy/worker.ts main.ts");
  assert.deepEqual(await faulty({ start: START, compile: included }, files), []);
});
