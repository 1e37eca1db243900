/**
 * Telling the versions of an object apart.
 *
 * @module
 */
import type { EntryRecord } from "./entry_record.ts";

/**
 * A mark of the version that an answer is of: a 32-bit hash (FNV-1a) of its validators, never 0 where
 * it has any.
 *
 * @param record The answer's record.
 */
export function versionMark({ etag, lastModified }: EntryRecord): number {
  if (etag === undefined && lastModified === undefined) return 0;
  let hash = 0x811c9dc5;
  for (const character of `${etag}\n${lastModified}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return hash === 0 ? 1 : hash;
}

/**
 * Whether an answer that names its validators is of the version that is stored. A copy onto itself
 * that changes metadata alone keeps the ETag; its date, and its version id, are new.
 *
 * @param record What is stored.
 * @param named The validators of the answer, a 304 or the answer to a HEAD; one that it lacks
 * contradicts nothing.
 */
export function isSameVersion(record: EntryRecord, named: EntryRecord): boolean {
  return agree(strong(record.etag), strong(named.etag)) &&
    agree(record.lastModified, named.lastModified) &&
    agree(versionId(record), versionId(named));
}

function agree(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function strong(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, "");
}

function versionId({ headers }: EntryRecord): string | undefined {
  return headers.find(([name]) => name === "x-amz-version-id")?.[1];
}
