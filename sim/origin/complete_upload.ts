/**
 * CompleteMultipartUpload.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { type Answer, xmlAnswer } from "./answer.ts";
import { keyText } from "./keys.ts";
import { checksumElement, checksumHeader, checksumOf } from "./checksums.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { checkWriteConditions, storeObject, writeHeaders } from "./put_object.ts";
import { join } from "./request_body.ts";
import { requireBucket, type State } from "./state.ts";
import type { Checksum, ObjectPart } from "./stored_object.ts";
import type { Upload, UploadedPart } from "./upload.ts";
import { requireUpload } from "./upload_part.ts";
import { children, childText, readXml, type XmlElement } from "./xml.ts";

/** A part that was named and found. */
interface ChosenPart extends UploadedPart {
  readonly partNumber: number;
}

/** `POST /bucket/key?uploadId` */
export function completeMultipartUpload(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const upload = requireUpload(request, state);
  const chosen = chooseParts(request, upload, state.options.minimumPartSize);
  checkWriteConditions(request, bucket);
  const body = join(chosen.map((part) => part.body));
  checkObjectSize(request, body.length);
  const checksum = wholeChecksum(upload, chosen, body);
  checkWholeChecksum(request, checksum);
  const digests = chosen.map((part) => Buffer.from(part.etag.slice(1, -1), "hex"));
  const object = storeObject(state, bucket, upload.template, {
    body,
    etag: `"${hash("md5", join(digests), "hex")}-${chosen.length}"`,
    checksum,
    parts: objectParts(chosen),
  });
  bucket.uploads.delete(upload.uploadId);
  return xmlAnswer("CompleteMultipartUploadResult", [
    ["Location", `http://${request.headers.get("host")}/${bucket.name}/${keyText(object.key)}`],
    ["Bucket", bucket.name],
    ["Key", keyText(object.key)],
    ["ETag", object.etag],
    [checksumElement(checksum.algorithm), checksum.value],
    ["ChecksumType", checksum.type],
  ], writeHeaders(bucket, object));
}

/**
 * The parts that the document names, each held against what was uploaded.
 *
 * @throws {OriginError} MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall
 */
function chooseParts(
  request: OriginRequest,
  upload: Upload,
  minimumPartSize: number,
): readonly ChosenPart[] {
  const root = readXml(request.body, "CompleteMultipartUpload");
  const named = children(root, "Part");
  if (named.length === 0 || named.length > 10000) throw new OriginError("MalformedXML");
  const chosen = named.map((element) => choosePart(element, upload));
  for (const [index, part] of chosen.entries()) {
    const before = chosen[index - 1];
    if (before === undefined) continue;
    if (before.partNumber >= part.partNumber) throw new OriginError("InvalidPartOrder");
    if (before.body.length < minimumPartSize) {
      throw new OriginError("EntityTooSmall", {
        details: {
          ProposedSize: String(before.body.length),
          MinSizeAllowed: String(minimumPartSize),
          PartNumber: String(before.partNumber),
          ETag: before.etag.slice(1, -1),
        },
      });
    }
  }
  return chosen;
}

function choosePart(element: XmlElement, upload: Upload): ChosenPart {
  const partNumber = Number(childText(element, "PartNumber"));
  const etag = childText(element, "ETag");
  if (!Number.isInteger(partNumber) || etag === undefined) throw new OriginError("MalformedXML");
  const part = upload.parts.get(partNumber);
  if (part === undefined || etag.replace(/^"(.*)"$/, "$1") !== part.etag.slice(1, -1)) {
    throw new OriginError("InvalidPart", {
      details: { UploadId: upload.uploadId, PartNumber: String(partNumber), ETag: etag },
    });
  }
  const checksum = childText(element, checksumElement(part.checksum.algorithm));
  if (checksum !== undefined && checksum !== part.checksum.value) {
    throw new OriginError("InvalidPart");
  }
  if (checksum === undefined && upload.checksumType === "COMPOSITE") {
    throw new OriginError("InvalidRequest", {
      message: `The upload was created using a ${upload.algorithm?.toLowerCase()} checksum. The ` +
        "complete request must include the checksum for each part. It was missing for part " +
        `${partNumber} in the request.`,
    });
  }
  return { ...part, partNumber };
}

function checkObjectSize(request: OriginRequest, size: number): void {
  const announced = request.headers.get("x-amz-mp-object-size");
  if (announced === undefined || announced === String(size)) return;
  throw new OriginError("InvalidRequest", {
    message: `The provided 'x-amz-mp-object-size' header value ${announced} does not match what ` +
      `was computed: ${size}`,
  });
}

function wholeChecksum(
  upload: Upload,
  chosen: readonly ChosenPart[],
  body: Uint8Array,
): Checksum {
  const algorithm = upload.algorithm ?? "CRC64NVME";
  if (upload.checksumType === "FULL_OBJECT") {
    return { algorithm, value: checksumOf(algorithm, body), type: "FULL_OBJECT" };
  }
  const values = chosen.map((part) => Buffer.from(part.checksum.value, "base64"));
  const value = `${checksumOf(algorithm, join(values))}-${chosen.length}`;
  return { algorithm, value, type: "COMPOSITE" };
}

function checkWholeChecksum(request: OriginRequest, checksum: Checksum): void {
  const given = request.headers.get(checksumHeader(checksum.algorithm));
  if (given !== undefined && given !== checksum.value) {
    throw new OriginError("BadDigest", {
      message: `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
    });
  }
}

function objectParts(chosen: readonly ChosenPart[]): readonly ObjectPart[] {
  let start = 0;
  return chosen.map(({ partNumber, body, checksum }) => {
    const part: ObjectPart = { partNumber, start, size: body.length, checksum };
    start += body.length;
    return part;
  });
}
