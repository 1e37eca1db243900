import assert from "node:assert/strict";
import { writeWhole } from "./text_file.ts";

Deno.test("a reader sees the former text or the next, and never a part of one", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/file.prom`;
  const text = (letter: string) => letter.repeat(1_000_000);
  await writeWhole(path, text("a"));
  let writing = true;
  const writes = (async () => {
    for (let i = 0; i < 20; i++) await writeWhole(path, text(i % 2 === 0 ? "b" : "a"));
    writing = false;
  })();
  while (writing) {
    const read = await Deno.readTextFile(path);
    assert.ok(read === text("a") || read === text("b"), `${read.length} characters`);
  }
  await writes;
  await Deno.remove(directory, { recursive: true });
});

Deno.test("what can't be written leaves the former text, and no draft", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/file.prom`;
  await writeWhole(path, "former");
  await Deno.mkdir(`${path}.tmp`);
  await assert.rejects(writeWhole(path, "next"), Deno.errors.IsADirectory);
  assert.equal(await Deno.readTextFile(path), "former");
  assert.deepEqual((await Array.fromAsync(Deno.readDir(directory))).length, 1);
  await Deno.remove(directory, { recursive: true });
});
