/**
 * Serving what is stale while the origin is asked about it.
 *
 * @module
 */
import type { Fill, Lease } from "@s3-edge-cache/cache";
import type { EntryRecord } from "./entry_record.ts";
import { plainRequest, type Reading, type Sources } from "./reading.ts";
import { ChangedRequest } from "./changed_request.ts";
import { discard, type RawResponse } from "./request.ts";
import { revalidate } from "./revalidate.ts";
import { staleResponse } from "./stale.ts";

/**
 * Answers a read from a stale entry at once; the entry is revalidated meanwhile, whether or not the
 * client stays.
 *
 * @param fill Not begun; ended when the revalidation is.
 * @param stale The entry; given back with the answer and the revalidation.
 * @param reading The read.
 * @param sources What reads are answered from.
 */
export async function serveWhileRevalidating(
  fill: Fill<EntryRecord>,
  stale: Lease<EntryRecord>,
  reading: Reading,
  sources: Sources,
): Promise<RawResponse> {
  const [ours, theirs] = sharedLease(stale);
  revalidate(fill, ours, unattended(reading), sources).then(discard, (error) => {
    const { object } = reading.address;
    sources.log("warn", "an entry could not be revalidated", { object, error: String(error) });
  });
  return await staleResponse(theirs, reading, sources);
}

/** The same read, with no client who could leave it or want something else. */
function unattended(reading: Reading): Reading {
  const request = plainRequest(reading);
  const { signal } = new AbortController();
  return { ...reading, request: { ...request, raw: new ChangedRequest(request.raw, { signal }) } };
}

/** A lease for two, given back when both have given it back. */
function sharedLease(lease: Lease<EntryRecord>): readonly [Lease<EntryRecord>, Lease<EntryRecord>] {
  const { record, size, storedAt, expiresAt } = lease;
  const holders = new Set<unknown>();
  const half = (): Lease<EntryRecord> => {
    const own: Lease<EntryRecord> = {
      record,
      size,
      storedAt,
      expiresAt,
      chunks: (start, end) => lease.chunks(start, end),
      release: () => {
        if (holders.delete(own) && holders.size === 0) lease.release();
      },
    };
    holders.add(own);
    return own;
  };
  return [half(), half()];
}
