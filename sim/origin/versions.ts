/**
 * The versions of a bucket's keys.
 *
 * @module
 */
import type { Bucket } from "./bucket.ts";
import { OriginError } from "./error.ts";
import { keyText } from "./keys.ts";
import type { State } from "./state.ts";
import type { DeleteMarker, StoredObject, Version } from "./stored_object.ts";

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
