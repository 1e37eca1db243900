/**
 * What the cache keeps of an answer beside its body.
 *
 * @module
 */
import type { RecordCodec } from "@s3-edge-cache/cache";
import { HeaderList, type HeaderPair, isStoredField } from "@s3-edge-cache/s3";

/** The stored header fields of an object, and its validators. */
export interface EntryRecord {
  /** End-to-end fields as the origin sent them, less its own and the length. */
  readonly headers: readonly HeaderPair[];
  /** The entity tag with its quotes, if the origin gave one. */
  readonly etag: string | undefined;
  /** The date of the last change as the origin wrote it, if it gave one. */
  readonly lastModified: string | undefined;
}

/** The record of an answer with these fields. */
export function entryRecord(fields: readonly HeaderPair[]): EntryRecord {
  return recordOf(fields.filter(([name]) => isStoredField(name)));
}

/** The record of an answer with a part of an object: it says which. */
export function partRecord(fields: readonly HeaderPair[]): EntryRecord {
  return recordOf(fields.filter(([name]) => isStoredField(name) || name === "content-range"));
}

function recordOf(headers: readonly HeaderPair[]): EntryRecord {
  const list = new HeaderList(headers);
  return { headers, etag: list.get("etag"), lastModified: list.get("last-modified") };
}

/** Records as the cache stores them: the fields in JSON. */
export const entryRecordCodec: RecordCodec<EntryRecord> = {
  encode: (record) => new TextEncoder().encode(JSON.stringify(record.headers)),
  decode: (bytes) => recordOf(JSON.parse(new TextDecoder().decode(bytes)) as HeaderPair[]),
};
