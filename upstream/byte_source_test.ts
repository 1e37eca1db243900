import assert from "node:assert/strict";
import { type ByteSource, sourceStream } from "./byte_source.ts";

const LONG = 600_000;

/** A source of one view after the other, which reuses its memory unless it is lasting. */
function sourceOf(views: readonly Uint8Array[], lasting: boolean): ByteSource & { reads: number } {
  const memory = new Uint8Array(LONG);
  return {
    lasting,
    reads: 0,
    read() {
      const view = views[this.reads++];
      if (view === undefined || lasting) return view;
      memory.fill(0);
      memory.set(view);
      return memory.subarray(0, view.length);
    },
    release: () => {},
  };
}

for (const lasting of [true, false]) {
  const kind = lasting ? "lasting" : "fleeting";
  Deno.test(`a long view of a ${kind} source goes into a stream in pieces, in order`, async () => {
    const bytes = Uint8Array.from({ length: LONG }, (_, i) => i ^ (i >> 8));
    const views = [bytes, bytes.subarray(0, 3), bytes];
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of sourceStream(sourceOf(views, lasting))) {
      pieces.push(piece as Uint8Array<ArrayBuffer>);
    }
    const cut = [262_144, 262_144, LONG - 524_288];
    assert.deepEqual(pieces.map(({ length }) => length), [...cut, 3, ...cut]);
    assert.deepEqual(await new Blob(pieces).bytes(), await new Blob(views).bytes());
  });
}

Deno.test("a stream reads its source no further than it is read itself", async () => {
  const source = sourceOf([new Uint8Array(LONG), new Uint8Array(1)], true);
  const reader = sourceStream(source).getReader();
  assert.equal(source.reads, 0);
  for (let piece = 0; piece < 3; piece++) await reader.read();
  assert.equal(source.reads, 1);
  await reader.cancel();
});
