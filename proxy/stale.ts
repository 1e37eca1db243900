/**
 * Entries past their expiry: when they are served all the same, and how.
 *
 * @module
 */
import type { Awaitable, Lease } from "@s3-edge-cache/cache";
import { mayBeServedStale } from "@s3-edge-cache/s3";
import type { EntryRecord } from "./entry_record.ts";
import { objectResponse, partResponse } from "./entry_response.ts";
import { leaseBody } from "./lease_body.ts";
import { missed, type Reading, type Sources } from "./reading.ts";
import type { Outcome, RawResponse } from "./request.ts";

/**
 * Whether an entry may answer a read though it is stale.
 *
 * @param stale The entry.
 * @param windowMs How long after its expiry, in milliseconds.
 * @param reading The read; one that demands the origin's word has it.
 * @param now The time, in milliseconds since the epoch.
 */
export function isServable(
  stale: Lease<EntryRecord>,
  windowMs: number,
  { mustAsk }: Reading,
  now: number,
): boolean {
  if (mustAsk || now >= stale.expiresAt + windowMs) return false;
  return mayBeServedStale(stale.record.headers.find(([name]) => name === "cache-control")?.[1]);
}

/**
 * How long past its expiry an entry answers while the origin is asked about it, in milliseconds. As
 * long as where the origin fails, if it gave no answer last time: one waits for it and not all, again
 * and again.
 */
export function meanwhileMs({ rules, origin }: Sources): number {
  const { staleWhileRevalidateMs, staleIfErrorMs } = rules;
  return origin.silent ? Math.max(staleWhileRevalidateMs, staleIfErrorMs) : staleWhileRevalidateMs;
}

/** Answers a read from a stale entry, which is given back with the answer. */
export function staleResponse(
  stale: Lease<EntryRecord>,
  reading: Reading,
  sources: Sources,
): Awaitable<RawResponse> {
  const now = sources.now();
  return heldResponse(stale, stale.record, reading, sources, {
    kind: "stale",
    ageSeconds: Math.max(0, Math.floor((now - stale.storedAt) / 1000)),
    ttlSeconds: Math.min(0, Math.ceil((stale.expiresAt - now) / 1000)),
  });
}

/**
 * Answers a read from an entry, with another record in the place of the stored one.
 *
 * @param lease The entry; given back with the answer.
 * @param record What goes with its bytes.
 * @param reading The read.
 * @param sources What reads are answered from.
 * @param outcome How the cache took part.
 */
export function heldResponse(
  lease: Lease<EntryRecord>,
  record: EntryRecord,
  reading: Reading,
  sources: Sources,
  outcome: Outcome,
): Awaitable<RawResponse> {
  const { request, form } = reading;
  const held = { record, size: lease.size, release: () => lease.release() };
  const open = (_held: typeof held, start: number, end: number) => leaseBody(lease, start, end);
  const now = sources.now();
  if (form !== "part") return objectResponse(held, open, request, now, outcome);
  return partResponse(held, open, request, now, outcome) ?? missed(reading, sources);
}
