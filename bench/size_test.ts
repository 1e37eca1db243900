import assert from "node:assert/strict";
import { formatSize, parseSize } from "./size.ts";

Deno.test("sizes are read and written", () => {
  for (const [text, bytes] of [["1KiB", 1024], ["64 MiB", 2 ** 26], ["7", 7], ["0B", 0]] as const) {
    assert.equal(parseSize(text), bytes);
  }
  for (const text of ["", "KiB", "1.5KiB", "1kb", "-1"]) assert.ok(Number.isNaN(parseSize(text)));
  assert.equal(formatSize(2 ** 20), "1 MiB");
  assert.equal(formatSize(1025), "1025 B");
});
