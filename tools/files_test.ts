import assert from "node:assert/strict";
import { checkFiles } from "./files.ts";
import { fixtureWorkspace } from "./workspace_fixture.ts";

async function messages(file: string, lines: number): Promise<string[]> {
  const found = await checkFiles(fixtureWorkspace({ [file]: "x\n".repeat(lines) }));
  return found.map(({ message }) => message);
}

Deno.test("250 lines of code and 400 of a test are allowed, and no more", async () => {
  assert.deepEqual(await messages("s3/a.ts", 250), []);
  assert.deepEqual(await messages("s3/a.ts", 251), ["has 251 lines, 250 are allowed"]);
  assert.deepEqual(await messages("s3/a_test.ts", 400), []);
  assert.deepEqual(await messages("s3/a_test.ts", 401), ["has 401 lines, 400 are allowed"]);
});

Deno.test("names are snake_case and say something", async () => {
  assert.equal((await messages("s3/requestHead.ts", 1)).length, 1);
  assert.equal((await messages("s3/utils.ts", 1)).length, 1);
  assert.deepEqual(await messages("tests/_proxy.ts", 1), []);
});

Deno.test("what is no TypeScript is left alone", async () => {
  assert.deepEqual(await messages("README.md", 999), []);
});
