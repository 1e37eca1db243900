/**
 * ListMultipartUploads and ListParts.
 *
 * @module
 */
import { type Answer, xmlAnswer } from "./answer.ts";
import { keyOfText, keyText } from "./keys.ts";
import { checksumElement } from "./checksums.ts";
import { byBytes, listPage, listRequest, OWNER, prefixes } from "./list_objects.ts";
import type { OriginRequest } from "./origin_request.ts";
import { OWNER_ID, requireBucket, type State } from "./state.ts";
import type { Upload } from "./upload.ts";
import { requireUpload } from "./upload_part.ts";
import { element, type XmlPart } from "./xml.ts";

const INITIATOR = element("Initiator", [["ID", OWNER_ID]]);

/** `GET /bucket?uploads` */
export function listMultipartUploads(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const asked = listRequest(request, "max-uploads");
  const keyMarker = request.query.get("key-marker") ?? "";
  const uploads = [...bucket.uploads.values()].sort((a, b) =>
    byBytes(a.template.key, b.template.key) || a.initiated - b.initiated
  );
  const page = listPage(
    [...new Set(uploads.map((upload) => upload.template.key))],
    asked,
    keyOfText(keyMarker),
  );
  const listed = uploads.filter((upload) => page.keys.includes(upload.template.key));
  const parts: XmlPart[] = [
    ["Bucket", bucket.name],
    ["KeyMarker", asked.encode(keyOfText(keyMarker))],
    ["UploadIdMarker", request.query.get("upload-id-marker") ?? ""],
    ["NextKeyMarker", asked.encode(page.last)],
    ["NextUploadIdMarker", listed.at(-1)?.uploadId ?? ""],
    ["Prefix", asked.encode(asked.prefix)],
    ["MaxUploads", String(asked.maxKeys)],
    ["IsTruncated", String(page.truncated)],
  ];
  if (asked.delimiter !== "") parts.push(["Delimiter", asked.encode(asked.delimiter)]);
  if (asked.urlEncoded) parts.push(["EncodingType", "url"]);
  parts.push(...listed.map((upload) => uploadElement(upload, asked.encode(upload.template.key))));
  return xmlAnswer("ListMultipartUploadsResult", [...parts, ...prefixes(page, asked)]);
}

function uploadElement(upload: Upload, key: string): string {
  return element("Upload", [
    ["Key", key],
    ["UploadId", upload.uploadId],
    INITIATOR,
    OWNER,
    ["StorageClass", upload.template.storageClass],
    ["Initiated", new Date(Math.floor(upload.initiated / 1000) * 1000).toISOString()],
    ...checksumParts(upload),
  ]);
}

function checksumParts(upload: Upload): readonly XmlPart[] {
  if (upload.algorithm === undefined) return [];
  return [["ChecksumAlgorithm", upload.algorithm], ["ChecksumType", upload.checksumType]];
}

/** `GET /bucket/key?uploadId` */
export function listParts(request: OriginRequest, state: State): Answer {
  const upload = requireUpload(request, state);
  const { maxKeys } = listRequest(request, "max-parts");
  const marker = Number(request.query.get("part-number-marker") ?? "0");
  const after = [...upload.parts].filter(([number]) => number > marker)
    .sort(([a], [b]) => a - b);
  const page = after.slice(0, maxKeys);
  const parts: XmlPart[] = [
    ["Bucket", request.bucket],
    ["Key", keyText(request.key)],
    ["UploadId", upload.uploadId],
    INITIATOR,
    OWNER,
    ["StorageClass", upload.template.storageClass],
    ["PartNumberMarker", String(marker)],
    ["NextPartNumberMarker", String(page.at(-1)?.[0] ?? 0)],
    ["MaxParts", String(maxKeys)],
    ["IsTruncated", String(after.length > page.length)],
    ...checksumParts(upload),
  ];
  for (const [number, part] of page) {
    parts.push(element("Part", [
      ["PartNumber", String(number)],
      ["LastModified", new Date(part.lastModified * 1000).toISOString()],
      ["ETag", part.etag],
      ["Size", String(part.body.length)],
      [checksumElement(part.checksum.algorithm), part.checksum.value],
    ]));
  }
  return xmlAnswer("ListPartsResult", parts);
}
