/**
 * Which entries a write may make stale.
 *
 * @module
 */
import type { WriteScope } from "@s3-edge-cache/cache";
import { canonicalPath, parseDeleteObjects, S3Error } from "@s3-edge-cache/s3";
import { streamSource } from "@s3-edge-cache/upstream";
import { readBeginning } from "./beginning.ts";
import { bucketPrefix, filePath, objectName } from "./entry_address.ts";
import type { RoutedRequest } from "./request.ts";

/** Largest DeleteObjects document: 1000 keys of 1024 bytes, escaped, and what stands around. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** What a write concerns, and the request to forward in place of the one that was read. */
export interface ScopedWrite {
  /** The objects concerned. */
  readonly scope: WriteScope;
  /** The same request, its body unread. */
  readonly forwarded: RoutedRequest;
}

/**
 * Finds what a write concerns; reads the document of a DeleteObjects for it. A form upload concerns
 * its whole bucket: servers differ in which of its fields is the key.
 *
 * @throws {S3Error} what is wrong with the request's body; EntityTooLarge for a document above
 * 8 MiB.
 */
export async function writeScope(request: RoutedRequest): Promise<ScopedWrite> {
  const { route } = request;
  switch (route.operation.invalidates) {
    case "object":
      return { scope: { objects: readings(request) }, forwarded: request };
    case "listed-keys":
      return await listedKeys(request);
    default:
      return { scope: { prefix: bucketPrefix(route.bucket) }, forwarded: request };
  }
}

/** The object's name, and that of the second reading of a path that servers read in two ways. */
function readings({ route, target }: RoutedRequest): string[] {
  const name = objectName(route.bucket, route.key);
  if (!target.ambiguous) return [name];
  return [name, filePath(canonicalPath(target.pathStyle.replaceAll("+", "%20")))];
}

async function listedKeys(request: RoutedRequest): Promise<ScopedWrite> {
  const { route: { bucket }, upload } = request;
  if (upload === undefined) return { scope: { objects: [] }, forwarded: request };
  const body = streamSource(upload.stream);
  const { bytes: document, isWhole } = await readBeginning(body, MAX_DOCUMENT_BYTES);
  if (!isWhole) {
    await body.read();
    throw new S3Error("EntityTooLarge");
  }
  const stream = ReadableStream.from([document]);
  const forwarded = { ...request, upload: { ...upload, stream } };
  try {
    const objects = parseDeleteObjects(document).map(({ key }) => objectName(bucket, key));
    return { scope: { objects }, forwarded };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return { scope: { prefix: bucketPrefix(bucket) }, forwarded };
  }
}
