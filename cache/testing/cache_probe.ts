/**
 * Short ways to put entries into a cache and to look at them.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Cache, Fill, Lease, RecordCodec } from "../cache.ts";

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
  const views = [...lease.chunks(start, end)];
  const bytes = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    bytes.set(view, at);
    at += view.length;
  }
  return bytes;
}

/** One address and what to put there. */
export interface Put {
  readonly object: string;
  readonly variant?: string;
  readonly body?: Uint8Array;
  readonly record?: string;
  readonly now?: number;
}

/** A fill that is announced. */
export async function begun(cache: Cache<string>, put: Put): Promise<Fill<string>> {
  const { object, variant = "", body = pattern(10, 1), record = "record" } = put;
  const fill = await cache.fill(object, variant, put.now ?? 0);
  assert(fill, `a fill of ${object}`);
  assert.equal(fill.begin(record, body.length), true, `begin of ${object}`);
  return fill;
}

/** Fills an address, and says whether the entry was admitted. */
export async function put(cache: Cache<string>, put: Put): Promise<boolean> {
  const fill = await begun(cache, put);
  assert.equal(fill.write(put.body ?? pattern(10, 1)), true, `write of ${put.object}`);
  return await fill.commit(put.now ?? 0);
}

/** Whether a lookup finds the address; counts as a use. */
export async function isHeld(
  cache: Cache<string>,
  object: string,
  variant = "",
  now = 0,
): Promise<boolean> {
  const lease = await cache.lookup(object, variant, now);
  lease?.release();
  return lease !== undefined;
}
