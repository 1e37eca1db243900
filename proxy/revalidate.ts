/**
 * Asking the origin whether what is held is still good.
 *
 * A 304 renews the entry; another success replaces it; an answer that the object is not there, or
 * not for the proxy, drops it. Where the origin fails, the entry stays, and answers as long as the
 * rules let it.
 *
 * @module
 */
import type { Fill, Lease } from "@s3-edge-cache/cache";
import { type HeaderPair, isStoredField, S3Error } from "@s3-edge-cache/s3";
import { ORIGIN_FAILED } from "./abort_code.ts";
import { type EntryRecord, entryRecord, partRecord } from "./entry_record.ts";
import { objectResponse } from "./entry_response.ts";
import { keep } from "./keep.ts";
import { plainRequest, type Reading, type Sources } from "./reading.ts";
import { discard, type ForwardReason, miss, type RawResponse } from "./request.ts";
import { contentLength } from "./response_size.ts";
import { heldResponse, isServable, staleResponse } from "./stale.ts";
import { isSameVersion, versionMark } from "./version_mark.ts";
import { wantedAnswer } from "./wanted.ts";

/** One revalidation. */
interface Revalidation {
  readonly fill: Fill<EntryRecord>;
  readonly stale: Lease<EntryRecord>;
  readonly reading: Reading;
  readonly sources: Sources;
  readonly why: ForwardReason;
}

/**
 * Answers a read whose entry is stale, or must be asked about.
 *
 * @param fill Not begun; ended here in every case.
 * @param stale The entry; given back here, or with the answer.
 * @param reading The read.
 * @param sources What reads are answered from.
 */
export async function revalidate(
  fill: Fill<EntryRecord>,
  stale: Lease<EntryRecord>,
  reading: Reading,
  sources: Sources,
): Promise<RawResponse> {
  const why = reading.mustAsk ? "request" : "stale";
  const revalidation: Revalidation = { fill, stale, reading, sources, why };
  try {
    let response = await ask(revalidation, condition(stale.record));
    if (response !== "failed" && response.status === 304) {
      if (isSameVersion(stale.record, entryRecord(response.headers))) {
        return await renewed(revalidation, response);
      }
      // Written anew with the same bytes: other fields may be new too, and a 304 has few of them.
      response = await ask(revalidation, []);
    }
    if (response === "failed") return await staleResponse(stale, reading, sources);
    return await settled(revalidation, response);
  } catch (error) {
    stale.release();
    throw error;
  }
}

/** What the origin answers; "failed" where the entry may answer in its place. */
async function ask(
  { fill, stale, reading, sources }: Revalidation,
  conditions: readonly HeaderPair[],
): Promise<RawResponse | "failed"> {
  const { staleIfErrorMs } = sources.rules;
  const isFallback = () => isServable(stale, staleIfErrorMs, reading, sources.now());
  const failed = (error: string) => {
    const { object } = reading.address;
    sources.log("warn", "a stale entry answers in the origin's place", { object, error });
    return "failed" as const;
  };
  try {
    const response = await wantedAnswer(fill, plainRequest(reading, ...conditions), sources);
    if (response.status < 500 || !isFallback()) return response;
    discard(response);
    fill.abort(ORIGIN_FAILED);
    return failed(`status ${response.status}`);
  } catch (error) {
    if (error instanceof S3Error && error.status >= 500 && isFallback()) return failed(`${error}`);
    throw error;
  }
}

/** The field that asks for the object only if it is another version than the stored one. */
function condition({ etag, lastModified }: EntryRecord): readonly HeaderPair[] {
  if (etag !== undefined) return [["if-none-match", etag]];
  return lastModified === undefined ? [] : [["if-modified-since", lastModified]];
}

/** The entry is good: it lives on, with the fields that the origin sent anew. */
async function renewed(
  { fill, stale, reading, sources, why }: Revalidation,
  { headers }: RawResponse,
): Promise<RawResponse> {
  const { cache, now } = sources;
  const { address } = reading;
  const record = refreshed(stale.record, headers);
  if (record === stale.record) fill.renew(now());
  else {
    cache.drop(address.object, address.variant);
    const version = address.current ? versionMark(record) : 0;
    if (fill.begin(record, stale.size, version)) {
      for (const chunk of stale.chunks(0, stale.size)) fill.write(chunk);
      fill.commit(now());
    }
  }
  const ttlSeconds = Math.floor((stale.expiresAt - stale.storedAt) / 1000);
  const outcome = { kind: "revalidated", why, ttlSeconds } as const;
  return await heldResponse(stale, record, reading, sources, outcome);
}

/** The stored fields with those of a 304 in their place (RFC 9111, section 3.2). */
function refreshed(record: EntryRecord, headers: readonly HeaderPair[]): EntryRecord {
  const sent = headers.filter(([name]) =>
    isStoredField(name) && name !== "etag" && !name.startsWith("content-")
  );
  const isNew = ([name, value]: HeaderPair) =>
    !record.headers.some((field) => field[0] === name && field[1] === value);
  if (!sent.some(isNew)) return record;
  const names = new Set(sent.map(([name]) => name));
  return partRecord([...record.headers.filter(([name]) => !names.has(name)), ...sent]);
}

/** The entry is outdated, or the origin says nothing of it. */
async function settled(revalidation: Revalidation, response: RawResponse): Promise<RawResponse> {
  const { fill, stale, reading, sources, why } = revalidation;
  const { cache } = sources;
  const { status } = response;
  if (reading.form === "head" && status === 200) return headAnswer(revalidation, response);
  stale.release();
  const isUnsettled = status >= 500 || status === 408 || status === 429;
  if (!isUnsettled && status >= 300) {
    (await cache.beginWrite({ objects: [reading.address.object] })).end();
  }
  return await keep({ fill, response, verbatim: false, why }, reading, sources);
}

/** What is answered to a HEAD tells whether the entry is outdated. */
async function headAnswer(
  revalidation: Revalidation,
  response: RawResponse,
): Promise<RawResponse> {
  const { fill, stale, reading, sources, why } = revalidation;
  const { address, request } = reading;
  const record = entryRecord(response.headers);
  const size = contentLength(response.headers);
  if (isSameVersion(stale.record, record) && size === stale.size) {
    return await renewed(revalidation, response);
  }
  sources.cache.drop(address.object, address.variant);
  fill.abort();
  stale.release();
  const outcome = miss(false, why);
  if (size === undefined) return { ...response, outcome };
  const held = { record, size, release() {} };
  return objectResponse(held, () => new Uint8Array(), request, sources.now(), outcome);
}
