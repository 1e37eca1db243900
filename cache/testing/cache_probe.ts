/**
 * Short ways to put entries into a cache and to look at them.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Cache, Lease, RecordCodec } from "../cache.ts";
import { AbortedFill, type Fill, type Follower } from "../fill.ts";

/** Records that are strings, as UTF-8. */
export const stringCodec: RecordCodec<string> = {
  encode: (record) => new TextEncoder().encode(record),
  decode: (bytes) => new TextDecoder().decode(bytes),
};

/** Bytes that tell the seed and every position apart. */
export function pattern(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = seed * 31 + i + (i >> 8) * 7;
  return bytes;
}

/** All of a lease's bytes, or a part. */
export function bytesOf(lease: Lease<string>, start = 0, end = lease.size): Uint8Array {
  return joined([...lease.chunks(start, end)]);
}

/** Copies views into one array. */
export function joined(views: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    bytes.set(view, at);
    at += view.length;
  }
  return bytes;
}

/** Reads on to the end of a fill: its bytes, or the code that it broke off with. */
export async function followed(follower: Follower<string>): Promise<Uint8Array | number> {
  const views: Uint8Array[] = [];
  try {
    for (;;) {
      const view = await follower.read();
      if (view === undefined) return joined(views);
      assert(view.length > 0 && view.length <= 1_048_576, `a view of ${view.length} bytes`);
      views.push(view.slice());
    }
  } catch (error) {
    if (error instanceof AbortedFill) return error.code;
    throw error;
  }
}

/** One address and what to put there. */
export interface Put {
  readonly object: string;
  readonly variant?: string;
  readonly body?: Uint8Array;
  readonly record?: string;
  readonly now?: number;
}

/** A fill of an address where there is nothing. */
export function led(cache: Cache<string>, object: string, variant = "", now = 0): Fill<string> {
  const acquired = cache.acquire(object, variant, now);
  assert(acquired.kind === "lead", `${object} is to be filled, not ${acquired.kind}`);
  return acquired.fill;
}

/** A follower of the fill that runs at an address. */
export function joining(cache: Cache<string>, object: string, variant = ""): Follower<string> {
  const acquired = cache.acquire(object, variant, 0);
  assert(acquired.kind === "follow", `${object} is to be followed, not ${acquired.kind}`);
  return acquired.follower;
}

/** A fill that is announced, of an address where there is nothing. */
export function begun(cache: Cache<string>, put: Put): Fill<string> {
  const { object, variant = "", body = pattern(10, 1), record = "record" } = put;
  const fill = led(cache, object, variant, put.now);
  assert.equal(fill.begin(record, body.length), true, `begin of ${object}`);
  return fill;
}

/** Fills an address, in place of what is there, and says whether the entry was admitted. */
export function put(cache: Cache<string>, put: Put): boolean {
  cache.drop(put.object, put.variant ?? "");
  const fill = begun(cache, put);
  assert.equal(fill.write(put.body ?? pattern(10, 1)), true, `write of ${put.object}`);
  return fill.commit(put.now ?? 0);
}

/** Whether a lookup finds the address; counts as a use. */
export function isHeld(cache: Cache<string>, object: string, variant = "", now = 0): boolean {
  const lease = cache.lookup(object, variant, now);
  lease?.release();
  return lease !== undefined;
}
