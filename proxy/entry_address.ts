/**
 * Where an object's entries are in the cache.
 *
 * Keys are byte strings to Amazon: `a//b`, `./a/b` and `a/b` are three objects. To servers that
 * keep objects as files they are one. So every spelling has an entry of its own, and all of them
 * are variants of one name: a write in one spelling drops the entries of all.
 *
 * @module
 */
import { PART } from "@s3-edge-cache/cache";
import { canonicalRange, type Route } from "@s3-edge-cache/s3";

/** The address of an entry. */
export interface EntryAddress {
  /** What a write concerns. */
  readonly object: string;
  /** Which of its entries. */
  readonly variant: string;
  /**
   * Whether it is of the one current object of this name, so that of all such entries none may be of
   * another version: neither of a version asked for by its id nor of an odd spelling of the key.
   */
  readonly current: boolean;
}

/** A segment that a file system passes over: empty, `.` or `..`. */
const PASSED_OVER = /(?:^|\/)\.{0,2}(?:\/|$)/;

/**
 * The name under which a write concerns an object: the same for every spelling of its key, for
 * path-style and virtual-host requests.
 *
 * @param bucket The bucket.
 * @param key The key in its canonical spelling.
 */
export function objectName(bucket: string, key: string): string {
  return `${bucket}/${PASSED_OVER.test(key) ? filePath(key) : key}`;
}

/** What the names of all objects of a bucket begin with. */
export function bucketPrefix(bucket: string): string {
  return `${bucket}/`;
}

/**
 * The address of the entry that answers a read.
 *
 * @param route The read.
 * @param variant The variant that it asks for.
 */
export function entryAddress({ bucket, key, versionId }: Route, variant: string): EntryAddress {
  if (!PASSED_OVER.test(key)) {
    return { object: `${bucket}/${key}`, variant, current: versionId === undefined };
  }
  return { object: objectName(bucket, key), variant: `key=${key}&${variant}`, current: false };
}

/**
 * The address of an entry that holds a range of an object.
 *
 * @param route The read.
 * @param whole The address of the whole object.
 * @param range The Range field.
 * @returns `undefined` if the range is kept under no address: its field is one that the origin may
 * ignore, or nothing would tell it from a range of another version.
 */
export function partAddress(
  { versionId }: Route,
  whole: EntryAddress,
  range: string,
): EntryAddress | undefined {
  const immutable = versionId !== undefined && versionId !== "null";
  const spelled = whole.current || immutable ? canonicalRange(range) : undefined;
  return spelled === undefined ? undefined : { ...whole, variant: whole.variant + PART + spelled };
}

/** The key as a file system resolves it, without leaving the bucket. */
export function filePath(key: string): string {
  const path: string[] = [];
  for (const segment of key.split("/")) {
    if (segment === "..") path.pop();
    else if (segment !== "" && segment !== ".") path.push(segment);
  }
  return path.join("/");
}
