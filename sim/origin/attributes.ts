/**
 * GetObjectAttributes.
 *
 * @module
 */
import { type Answer, type AnswerHeader, xmlAnswer } from "./answer.ts";
import { readVersion } from "./versions.ts";
import { checksumElement } from "./checksums.ts";
import { OriginError } from "./error.ts";
import { checkCustomerKey, customerKeyDigest } from "./object_headers.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import type { Checksum, StoredObject } from "./stored_object.ts";
import { element, type XmlPart } from "./xml.ts";

/** What can be asked for, each with what it comes to. */
const ATTRIBUTES = new Map<string, (object: StoredObject) => readonly XmlPart[]>([
  ["ETag", (object) => [["ETag", object.etag.slice(1, -1)]]],
  ["Checksum", ({ checksum }) => [
    element("Checksum", [...checksumParts(checksum), ["ChecksumType", checksum.type]]),
  ]],
  ["ObjectParts", (object) => object.parts === undefined ? [] : [objectParts(object)]],
  ["StorageClass", (object) => [["StorageClass", object.storageClass]]],
  ["ObjectSize", (object) => [["ObjectSize", String(object.body.length)]]],
]);

/** `GET /bucket/key?attributes` */
export function getObjectAttributes(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const object = readVersion(bucket, request.key, request.query.get("versionId"));
  checkCustomerKey(
    object.encryption,
    customerKeyDigest(request.headers, "x-amz-server-side-encryption-customer-"),
  );
  const asked = (request.headers.get("x-amz-object-attributes") ?? "").split(",");
  const parts = asked.map((name) => name.trim()).flatMap((name) => {
    const attribute = ATTRIBUTES.get(name);
    if (attribute === undefined) {
      throw new OriginError("InvalidArgument", {
        message: "Invalid attribute name specified.",
        details: { ArgumentName: "x-amz-object-attributes", ArgumentValue: name },
      });
    }
    return attribute(object);
  });
  const headers: AnswerHeader[] = [
    ["Last-Modified", new Date(object.lastModified * 1000).toUTCString()],
  ];
  if (bucket.versioning !== "none") headers.push(["x-amz-version-id", object.versionId]);
  return xmlAnswer("GetObjectAttributesResponse", parts, headers);
}

function objectParts(object: StoredObject): string {
  const parts = object.parts ?? [];
  const listed = object.checksum.type === "COMPOSITE" ? parts : [];
  return element("ObjectParts", [
    ["PartsCount", String(parts.length)],
    ["PartNumberMarker", "0"],
    ["NextPartNumberMarker", String(listed.at(-1)?.partNumber ?? 0)],
    ["MaxParts", "1000"],
    ["IsTruncated", "false"],
    ...listed.map((part) =>
      element("Part", [
        ["PartNumber", String(part.partNumber)],
        ["Size", String(part.size)],
        ...checksumParts(part.checksum),
      ])
    ),
  ]);
}

function checksumParts(checksum: Checksum): readonly XmlPart[] {
  return [[checksumElement(checksum.algorithm), checksum.value]];
}
