/**
 * Which entries a write may make stale.
 *
 * @module
 */
import type { WriteScope } from "@s3-edge-cache/cache";
import { canonicalPath, parseDeleteObjects, S3Error } from "@s3-edge-cache/s3";
import { bucketPrefix, objectName, routedObject } from "./entry_address.ts";
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
 * Finds what a write concerns; reads the document of a DeleteObjects for it.
 *
 * @throws {S3Error} what is wrong with the request's body; EntityTooLarge for a document above
 * 8 MiB.
 */
export async function writeScope(request: RoutedRequest): Promise<ScopedWrite> {
  const { route } = request;
  switch (route.operation.invalidates) {
    case "object":
      return { scope: { objects: spellings(request) }, forwarded: request };
    case "form-key":
      return { scope: formScope(request), forwarded: request };
    case "listed-keys":
      return await listedKeys(request);
    default:
      return { scope: { prefix: bucketPrefix(route.bucket) }, forwarded: request };
  }
}

/** The object's name, and a second one where a bare `+` may be read as a space. */
function spellings({ route, target }: RoutedRequest): string[] {
  const name = routedObject(route);
  if (!target.ambiguous) return [name];
  return [name, canonicalPath(target.pathStyle.slice(1).replaceAll("+", "%20"))];
}

function formScope({ route: { bucket }, upload }: RoutedRequest): WriteScope {
  return upload?.payload.kind === "form"
    ? { objects: [objectName(bucket, upload.payload.key)] }
    : { prefix: bucketPrefix(bucket) };
}

async function listedKeys(request: RoutedRequest): Promise<ScopedWrite> {
  const { route: { bucket }, upload } = request;
  if (upload === undefined) return { scope: { objects: [] }, forwarded: request };
  const document = await readDocument(upload.stream);
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

async function readDocument(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_DOCUMENT_BYTES) throw new S3Error("EntityTooLarge");
    chunks.push(chunk);
  }
  const document = new Uint8Array(length);
  let end = 0;
  for (const chunk of chunks) {
    document.set(chunk, end);
    end += chunk.length;
  }
  return document;
}
