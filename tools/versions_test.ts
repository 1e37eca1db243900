import assert from "node:assert/strict";
import { checkVersions } from "./versions.ts";
import { fixtureWorkspace } from "./workspace_fixture.ts";

async function count(files: Readonly<Record<string, string>>): Promise<number> {
  return (await checkVersions(fixtureWorkspace(files))).length;
}

Deno.test("an import map takes exact npm versions only", async () => {
  const map = (target: string) => ({ "s3/deno.json": JSON.stringify({ imports: { x: target } }) });
  for (const target of ["npm:x@1.2.3", "npm:@a/x@1.2.3", "npm:x@1.2.3/part", "npm:x@1.2.3-rc.1"]) {
    assert.equal(await count(map(target)), 0, target);
  }
  for (const target of ["npm:x", "npm:x@^1.2.3", "npm:x@1", "npm:x@1.2", "jsr:@a/x@1.2.3"]) {
    assert.equal(await count(map(target)), 1, target);
  }
});

Deno.test("Python requirements are pinned", async () => {
  assert.equal(await count({ "e2e/requirements.txt": "# for tests\nboto3==1.2.3\n" }), 0);
  assert.equal(await count({ "e2e/requirements.txt": "boto3>=1.2\nurllib3\n" }), 2);
});

Deno.test("one version of Deno is named everywhere", async () => {
  const files = { "Dockerfile": "RUN npm i deno@2.0.0", "README.md": "npx deno@2.0.0 task" };
  assert.equal(await count(files), 0);
  assert.equal(await count({ ...files, ".ci/run": "npm i deno@2.0.1" }), 2);
});

Deno.test("a task that runs a package names its exact version", async () => {
  const tasks = (command: string) => ({
    "deno.json": JSON.stringify({ tasks: { a: command, b: { command } } }),
  });
  assert.equal(await count(tasks("deno run npm:nx@1.2.3 graph")), 0);
  assert.equal(await count(tasks("deno run npm:nx graph")), 2);
});
