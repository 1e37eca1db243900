/**
 * What the cache knows of an object, and what became of its latest requests.
 *
 * @module
 */
import type { EntryDescription } from "@s3-edge-cache/cache";
import type { Question, Recollection } from "./journal.ts";
import { objectAddress } from "./object_address.ts";
import type { PastRequest } from "./past_requests.ts";

/** Where the answers are. */
export interface ExplainSources {
  /** Every entry of an object. */
  readonly entriesOf: (object: string) => readonly EntryDescription[];
  /** What the workers remember. */
  readonly recollect: (question: Question) => Promise<readonly Recollection[]>;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Requests that are told. */
const MOST_REQUESTS = 20;

/** An answer to `/explain`. */
export interface Explanation {
  /** Whether a read would find an entry. */
  readonly held: boolean;
  /** Every entry of the object, and every fill that runs. */
  readonly entries: readonly ExplainedEntry[];
  /** Its latest requests that are still remembered, the last first. */
  readonly requests: readonly ExplainedRequest[];
}

/** An entry, its times in ISO 8601. */
export interface ExplainedEntry
  extends Omit<EntryDescription, "storedAt" | "expiresAt" | "variant"> {
  /** What tells it from other entries of the object; empty for the plain, current object. */
  readonly variant: string;
  /** Whether it is served unasked. */
  readonly fresh: boolean;
  /** When it was stored; `null` while it is filled. */
  readonly storedAt: string | null;
  /** Until when it is served unasked; `null` while it is filled. */
  readonly expiresAt: string | null;
}

/** A request, its time in ISO 8601. */
export interface ExplainedRequest extends Omit<PastRequest, "time"> {
  /** When it ended. */
  readonly time: string;
}

/**
 * Explains an object.
 *
 * @param bucket The bucket.
 * @param key The key, written plainly.
 * @param versionId The version; `undefined` for every entry of the object.
 * @throws {URIError} if the key is no well-formed text.
 */
export async function explain(
  { entriesOf, recollect, now }: ExplainSources,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Promise<Explanation> {
  const address = objectAddress(bucket, key);
  const isOfVersion = ({ variant }: EntryDescription) =>
    versionId === undefined || variantVersion(variant) === versionId;
  const time = now();
  const entries = entriesOf(address.object).filter(isOfVersion).map((entry) => ({
    ...entry,
    fresh: entry.state === "held" && time < entry.expiresAt,
    storedAt: entry.state === "held" ? isoTime(entry.storedAt) : null,
    expiresAt: entry.state === "held" ? isoTime(entry.expiresAt) : null,
  }));
  const told = await recollect(address);
  const requests = told.flatMap(({ requests }) => requests)
    .filter(({ version }) => versionId === undefined || version === versionId)
    .toSorted((one, other) => other.time - one.time)
    .slice(0, MOST_REQUESTS)
    .map((request) => ({ ...request, time: isoTime(request.time) }));
  return { held: entries.some(({ fresh }) => fresh), entries, requests };
}

/** The version that a variant is of; `undefined` for the current one. */
function variantVersion(variant: string): string | undefined {
  const encoded = /(?:^|&)versionId=([^&|]*)/.exec(variant)?.[1];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
