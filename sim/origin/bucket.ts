/**
 * A bucket and the versions of its keys.
 *
 * Invariants: the newest version of a key stands last in its list; a list is never empty; at
 * most one version of a key is named `null`.
 *
 * @module
 */
import type { Upload } from "./upload.ts";
import { OriginError } from "./error.ts";
import type { State } from "./state.ts";
import type { DeleteMarker, StoredObject, Version } from "./stored_object.ts";

/** A bucket. Keys are byte strings: the bytes that their canonical spelling stands for. */
export interface Bucket {
  /** Its name. */
  readonly name: string;
  /** When it was created, in milliseconds since the epoch. */
  readonly created: number;
  /** Whether versions are kept. */
  versioning: "none" | "Enabled" | "Suspended";
  /** Whether objects can be locked. */
  objectLock: boolean;
  /** Its access control: a canned name or a document. */
  acl: string;
  /** Every version of every key. */
  readonly versions: Map<string, Version[]>;
  /** The multipart uploads under way, by id. */
  readonly uploads: Map<string, Upload>;
  /** Documents of its sub-resources, by name, with an id where they have one. */
  readonly documents: Map<string, Uint8Array>;
}

/** A bucket that holds nothing. */
export function emptyBucket(name: string, created: number): Bucket {
  return {
    name,
    created,
    versioning: "none",
    objectLock: false,
    acl: "private",
    versions: new Map(),
    uploads: new Map(),
    documents: new Map(),
  };
}

/** The newest version of a key, if it is an object. */
export function currentObject(bucket: Bucket, key: string): StoredObject | undefined {
  const newest = bucket.versions.get(key)?.at(-1);
  return newest?.kind === "object" ? newest : undefined;
}

/**
 * The version that a read means.
 *
 * @param bucket Where to look.
 * @param key The key.
 * @param versionId The version asked for, `undefined` for the newest.
 * @param versionError The code for a version that is not there.
 * @throws {OriginError} NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker asked
 * for by its id; the last two with the headers S3 gives.
 */
export function readVersion(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): StoredObject {
  const versions = bucket.versions.get(key);
  if (versionId === undefined) {
    const newest = versions?.at(-1);
    if (newest?.kind === "object") return newest;
    const headers = newest === undefined ? [] : markerHeaders(bucket, newest);
    throw new OriginError("NoSuchKey", { details: { Key: keyText(key) }, headers });
  }
  const found = versions?.find((version) => version.versionId === versionId);
  if (found === undefined) {
    throw new OriginError("NoSuchVersion", {
      details: { Key: keyText(key), VersionId: versionId },
    });
  }
  if (found.kind === "object") return found;
  throw new OriginError("MethodNotAllowed", {
    details: { Method: "GET", ResourceType: "DeleteMarker" },
    headers: [
      ...markerHeaders(bucket, found),
      ["Last-Modified", new Date(found.lastModified * 1000).toUTCString()],
      ["Allow", "DELETE"],
    ],
  });
}

/** Puts a version on top of its key; one that is named `null` takes the place of another. */
export function addVersion(bucket: Bucket, version: Version): void {
  const versions = bucket.versions.get(version.key) ?? [];
  const kept = versions.filter((other) => other.versionId !== version.versionId);
  bucket.versions.set(version.key, [...kept, version]);
}

/** The id that the next version written to a bucket bears. */
export function nextVersionId(bucket: Bucket, state: State): string {
  return bucket.versioning === "Enabled" ? state.nextId(32) : "null";
}

/** What a delete did. */
export interface Deletion {
  /** The version that was removed or the marker that was made; `undefined` without versions. */
  readonly versionId: string | undefined;
  /** Whether that is a delete marker. */
  readonly marker: boolean;
}

/**
 * Deletes a key or one version of it. What is not there is deleted without complaint.
 *
 * @throws {OriginError} AccessDenied for a version under a lock.
 */
export function deleteVersion(
  state: State,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  bypassGovernance: boolean,
): Deletion {
  const versions = bucket.versions.get(key) ?? [];
  if (versionId !== undefined || bucket.versioning === "none") {
    const wanted = versionId ?? "null";
    const found = versions.find((version) => version.versionId === wanted);
    if (found?.kind === "object") checkUnlocked(found, state.options.now(), bypassGovernance);
    const kept = versions.filter((version) => version !== found);
    if (kept.length === 0) bucket.versions.delete(key);
    else bucket.versions.set(key, kept);
    return { versionId, marker: found?.kind === "marker" };
  }
  const marker: DeleteMarker = {
    kind: "marker",
    key,
    versionId: nextVersionId(bucket, state),
    lastModified: Math.floor(state.options.now() / 1000),
  };
  addVersion(bucket, marker);
  return { versionId: marker.versionId, marker: true };
}

function checkUnlocked(object: StoredObject, now: number, bypassGovernance: boolean): void {
  const { retention } = object;
  const retained = retention !== undefined && Date.parse(retention.retainUntil) > now &&
    !(retention.mode === "GOVERNANCE" && bypassGovernance);
  if (object.legalHold === "ON" || retained) {
    throw new OriginError("AccessDenied", {
      message: "Access Denied because object protected by object lock.",
    });
  }
}

/** The header fields that tell of a delete marker. */
function markerHeaders(bucket: Bucket, marker: Version): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [["x-amz-delete-marker", "true"]];
  if (bucket.versioning !== "none") headers.push(["x-amz-version-id", marker.versionId]);
  return headers;
}

/** A key as text: the byte string read as UTF-8. */
export function keyText(key: string): string {
  return new TextDecoder().decode(Uint8Array.from(key, (character) => character.charCodeAt(0)));
}

/** A key's byte string from its canonical spelling. */
export function keyBytes(canonicalKey: string): string {
  return canonicalKey.replace(
    /%([0-9A-F]{2})/g,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}

/** A key's byte string from its text. */
export function keyOfText(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
