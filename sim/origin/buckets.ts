/**
 * Operations on the service and on buckets as such.
 *
 * @module
 */
import { type Answer, emptyAnswer, xmlAnswer } from "./answer.ts";
import { emptyBucket } from "./bucket.ts";
import { cannedAcl } from "./canned_acl.ts";
import { OriginError } from "./error.ts";
import { OWNER } from "./list_objects.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import { childText, element, readXml } from "./xml.ts";

/** `GET /` */
export function listBuckets(_request: OriginRequest, state: State): Answer {
  const buckets = [...state.buckets.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  const listed = buckets.map((bucket) =>
    element("Bucket", [
      ["Name", bucket.name],
      ["CreationDate", new Date(Math.floor(bucket.created / 1000) * 1000).toISOString()],
    ])
  );
  return xmlAnswer("ListAllMyBucketsResult", [OWNER, element("Buckets", listed)]);
}

/** `PUT /bucket` */
export function createBucket(request: OriginRequest, state: State): Answer {
  const name = request.bucket;
  if (!isBucketName(name)) {
    throw new OriginError("InvalidBucketName", { details: { BucketName: name } });
  }
  if (request.body.length > 0) readXml(request.body, "CreateBucketConfiguration");
  const known = state.buckets.get(name);
  if (known !== undefined && state.options.region !== "us-east-1") {
    throw new OriginError("BucketAlreadyOwnedByYou", { details: { BucketName: name } });
  }
  if (known === undefined) {
    const bucket = emptyBucket(name, state.options.now());
    bucket.acl = cannedAcl(request.headers);
    if (request.headers.get("x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true") {
      bucket.objectLock = true;
      bucket.versioning = "Enabled";
    }
    state.buckets.set(name, bucket);
  }
  return emptyAnswer(200, [["Location", `/${name}`]]);
}

/** Amazon's rules for names of general purpose buckets. */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) && !name.startsWith("xn--") && !name.endsWith("-s3alias");
}

/** `DELETE /bucket` */
export function deleteBucket(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  if (bucket.versions.size > 0) {
    throw new OriginError("BucketNotEmpty", { details: { BucketName: bucket.name } });
  }
  state.buckets.delete(bucket.name);
  return emptyAnswer(204);
}

/** `HEAD /bucket` */
export function headBucket(request: OriginRequest, state: State): Answer {
  requireBucket(state, request.bucket);
  return {
    ...emptyAnswer(200, [
      ["x-amz-bucket-region", state.options.region],
      ["x-amz-access-point-alias", "false"],
      ["Content-Type", "application/xml"],
    ]),
    framing: "chunked",
  };
}

/** `GET /bucket?location` */
export function getBucketLocation(request: OriginRequest, state: State): Answer {
  requireBucket(state, request.bucket);
  const { region } = state.options;
  return xmlAnswer("LocationConstraint", region === "us-east-1" ? [] : [region]);
}

/** `GET /bucket?versioning` */
export function getBucketVersioning(request: OriginRequest, state: State): Answer {
  const { versioning } = requireBucket(state, request.bucket);
  return xmlAnswer(
    "VersioningConfiguration",
    versioning === "none" ? [] : [["Status", versioning]],
  );
}

/** `PUT /bucket?versioning` */
export function putBucketVersioning(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const status = childText(readXml(request.body, "VersioningConfiguration"), "Status");
  if (status !== "Enabled" && status !== "Suspended") {
    throw new OriginError("IllegalVersioningConfigurationException");
  }
  bucket.versioning = status;
  return emptyAnswer(200);
}
