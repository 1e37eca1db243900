/**
 * PostObject: the upload of a browser's form.
 *
 * @module
 */
import { hash } from "node:crypto";
import { HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import { type Answer, type AnswerHeader, documentAnswer, emptyAnswer } from "./answer.ts";
import { keyOfText } from "./keys.ts";
import { verifyDigests } from "./checksums.ts";
import { type Form, readForm } from "./form_data.ts";
import { objectTemplate } from "./object_headers.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { verifyPolicy } from "./post_policy.ts";
import { checkKey, storeObject, writeHeaders } from "./put_object.ts";
import { requireBucket, type State } from "./state.ts";
import { element } from "./xml.ts";

/** Names of fields that stand for header fields. */
const HEADER_FIELDS =
  /^(cache-control|content-(type|disposition|encoding|language|md5)|expires|x-amz-(meta-.+|acl|storage-class|tagging|website-redirect-location|checksum-.+|server-side-encryption.*))$/;

/** `POST /bucket` with a form */
export function postObject(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const form = readForm(request.headers.get("content-type"), request.body);
  verifyPolicy(form, bucket.name, state.options);
  const named = form.fields.get("key");
  if (named === undefined || named === "") {
    throw new OriginError("InvalidArgument", {
      message: "Bucket POST must contain a field named 'key'.  If it is specified, please check " +
        "the order of the fields.",
    });
  }
  const key = keyOfText(named.replaceAll("${filename}", form.fileName));
  checkKey(key);
  const headers = headersOf(form);
  const checksum = verifyDigests(headers, [], form.file);
  const object = storeObject(state, bucket, objectTemplate(key, headers, false), {
    body: form.file,
    etag: `"${hash("md5", form.file, "hex")}"`,
    checksum,
    parts: undefined,
  });
  const location = `http://${request.headers.get("host")}/${bucket.name}/${
    encodeURIComponent(named)
  }`;
  const fields: readonly AnswerHeader[] = [
    ...writeHeaders(bucket, object),
    ["ETag", object.etag],
    ["Location", location],
  ];
  return formAnswer(form, fields, [["Bucket", bucket.name], ["Key", named], ["ETag", object.etag]]);
}

function headersOf(form: Form): HeaderList {
  const pairs = [...form.fields].filter(([name]) => HEADER_FIELDS.test(name))
    .map(([name, value]): HeaderPair => [name, keyOfText(value)]);
  return new HeaderList(pairs);
}

/** The answer that the form asked for. */
function formAnswer(
  form: Form,
  fields: readonly AnswerHeader[],
  parts: readonly (readonly [string, string])[],
): Answer {
  const redirect = form.fields.get("success_action_redirect");
  if (redirect !== undefined && URL.canParse(redirect)) {
    const url = new URL(redirect);
    for (const [name, value] of parts) url.searchParams.append(name.toLowerCase(), value);
    const kept = fields.filter(([name]) => name !== "Location");
    return emptyAnswer(303, [...kept, ["Location", url.href]]);
  }
  const status = form.fields.get("success_action_status");
  if (status === "201") {
    const location = fields.find(([name]) => name === "Location")!;
    return documentAnswer(201, element("PostResponse", [location, ...parts]), fields);
  }
  return emptyAnswer(status === "200" ? 200 : 204, fields);
}
