import assert from "node:assert/strict";
import { checkHosts } from "./hosts.ts";
import { fixtureWorkspace } from "./workspace_fixture.ts";

/** Joined here, so that this file does not hold what it is about. */
const path = ["", "home", "somebody", "project"].join("/");
const host = ["registry", "npmjs", "org"].join(".");

async function messages(file: string, text: string): Promise<string[]> {
  const found = await checkHosts(fixtureWorkspace({ [file]: text }));
  return found.map(({ message }) => message);
}

Deno.test("a path of somebody's machine is named with its line", async () => {
  const found = await messages("README.md", `see\n${path}/a.ts\n`);
  assert.match(found[0] ?? "", /^line 2 holds a path: \/home\/somebody/);
});

Deno.test("a registry's host is refused", async () => {
  assert.equal((await messages("Dockerfile", `RUN get https://${host}/x`)).length, 1);
});

Deno.test("a lock file holds no address at all", async () => {
  assert.equal((await messages("deno.lock", `"x": "https://example.com/x"`)).length, 1);
  assert.equal((await messages("deno.lock", `"tarball": "x"`)).length, 1);
  assert.deepEqual(await messages("deno.lock", `"integrity": "sha512-x"`), []);
});

Deno.test("object keys and URLs that look a little like it pass", async () => {
  assert.deepEqual(await messages("a.ts", `"/bucket/root" "https://s3.example/rooted"`), []);
});
