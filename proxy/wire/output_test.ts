import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { ClientWait } from "./client_wait.ts";
import { BrokenOff, Output } from "./output.ts";
import { LARGE_BYTES, OutputBuffers, SMALL_BYTES } from "./output_buffers.ts";

/** A connection that takes at most some bytes at a time, and keeps them. */
class Taker {
  readonly taken: Buffer[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  write(bytes: Uint8Array): Promise<number> {
    const count = Math.min(this.#most, bytes.length);
    this.taken.push(Buffer.from(bytes.slice(0, count)));
    return Promise.resolve(count);
  }

  /** The connection as an Output takes it: it only writes. */
  get conn(): Deno.TcpConn {
    return this as unknown as Deno.TcpConn;
  }
}

const output = (taker: { conn: Deno.TcpConn }, buffers = new OutputBuffers()) =>
  new Output(taker.conn, buffers, new ClientWait({ now: 0 }));

/** Bytes in shared memory that begin at some position of a word. */
function sharedBytes(size: number, position: number): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(size + 8), position, size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + position) & 255;
  return bytes;
}

Deno.test("what is added is sent in order, whatever its size, place and alignment", async () => {
  const size = fc.oneof(fc.nat(40), fc.nat(9000), fc.constantFrom(65_535, 65_536, 73_728, 200_000));
  const piece = fc.oneof(
    fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 3000 }),
    fc.tuple(size, fc.nat(7)).map(([size, position]) => sharedBytes(size, position)),
    fc.constant("flush" as const),
  );
  const most = fc.constantFrom(1000, 65_536, Infinity);
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), most, async (pieces, most) => {
      const taker = new Taker(most);
      const tested = output(taker);
      const expected: Buffer[] = [];
      for (const piece of pieces) {
        if (piece === "flush") {
          await tested.flush();
        } else if (typeof piece === "string") {
          await tested.text(piece);
          expected.push(Buffer.from(piece, "latin1"));
        } else {
          await tested.bytes(piece);
          expected.push(Buffer.from(piece));
          piece.fill(0);
        }
      }
      await tested.flush();
      assert.ok(Buffer.concat(taker.taken).equals(Buffer.concat(expected)));
    }),
  );
});

Deno.test("a head and 64 KiB of body are one write, and their buffer is used again", async () => {
  const buffers = new OutputBuffers();
  const taker = new Taker(Infinity);
  for (let i = 0; i < 3; i++) {
    const tested = output(taker, buffers);
    tested.text("head".repeat(200));
    tested.bytes(sharedBytes(64 * 1024, i));
    await tested.flush();
  }
  assert.deepEqual(taker.taken.map(({ length }) => length), [66_336, 66_336, 66_336]);
  const [large, small] = [buffers.take(LARGE_BYTES), buffers.take(SMALL_BYTES)];
  assert.ok(large.some((byte) => byte !== 0) && small.some((byte) => byte !== 0));
  assert.ok(buffers.take(LARGE_BYTES).every((byte) => byte === 0));
});

Deno.test("a connection that takes nothing any more is broken off", async () => {
  const conn = { write: () => Promise.reject(new Deno.errors.BrokenPipe()) };
  const tested = output({ conn: conn as unknown as Deno.TcpConn });
  tested.text("head");
  await assert.rejects(tested.flush(), BrokenOff);
});
