/**
 * A form upload: a browser's POST of multipart/form-data, whose signature is a policy among its
 * fields.
 *
 * The policy is verified with the client key and signed anew with the proxy's own; its other
 * conditions stay, for the origin to enforce. Only the fields are read, the file streams.
 *
 * @module
 */
import {
  isPostSignatureField,
  type PostPolicy,
  type VerifierOptions,
  verifyPostPolicy,
} from "@s3-edge-cache/auth";
import {
  formBoundary,
  formHead,
  parsePostForm,
  type PostForm,
  type RequestTarget,
  S3Error,
} from "@s3-edge-cache/s3";
import { type ByteSource, sourceStream, streamSource } from "@s3-edge-cache/upstream";
import { concatenated, continued } from "./beginning.ts";
import type { RawRequest, Upload } from "./request.ts";

/** Signs a verified policy under the proxy's own key; gives the fields that carry it. */
export type PolicySigner = (
  policy: PostPolicy,
) => readonly (readonly [name: string, value: string])[];

/** Whether a request is a form upload, to be verified by its fields. */
export function isFormUpload(raw: RawRequest, target: RequestTarget): boolean {
  return raw.method === "POST" && target.bucket !== "" && target.key === "" &&
    /^multipart\/form-data\s*;/i.test(raw.headers.get("content-type") ?? "") &&
    !raw.headers.has("authorization") && !target.query.has("X-Amz-Algorithm");
}

/**
 * The body of a form upload as it goes up.
 *
 * @param raw The request.
 * @param verifier What the policy's signature is held against.
 * @param signPolicy Signs the policy anew.
 * @throws {S3Error} MissingContentLength; MalformedPOSTRequest and its kin for a form that S3
 * would not take; what is wrong with the policy or its signature.
 */
export async function createFormUpload(
  raw: RawRequest,
  verifier: VerifierOptions,
  signPolicy: PolicySigner,
): Promise<Upload> {
  const announced = raw.headers.get("content-length");
  if (announced === undefined || raw.body === null) throw new S3Error("MissingContentLength");
  const boundary = formBoundary(raw.headers.get("content-type") ?? "");
  const body = streamSource(raw.body);
  const { form, rest } = await readForm(body, boundary);
  const fields = new Map(form.fields.map(({ name, value }) => [name, value]));
  const policy = verifyPostPolicy(fields, verifier);
  const own = signPolicy(policy).map(([name, value]) => ({ name, value }));
  const kept = form.fields.filter(({ name }) => !isPostSignatureField(name));
  const head = formHead([...own, ...kept], form.file, boundary);
  return {
    stream: sourceStream(continued([head, rest], body)),
    length: head.length + Number(announced) - form.contentStart,
    trailer: undefined,
    payload: { kind: "form" },
  };
}

/** Bytes of a form that are read before it is parsed again. */
const PARSE_BYTES = 4096;

/** Reads up to the file's content; `rest` is what has come of that. */
async function readForm(
  source: ByteSource,
  boundary: string,
): Promise<{ form: PostForm; rest: Uint8Array }> {
  let body = new Uint8Array();
  let parsed = 0;
  for (;;) {
    const view = await source.read();
    if (view !== undefined) body = concatenated([body, view]);
    if (view !== undefined && body.length - parsed < PARSE_BYTES) continue;
    parsed = body.length;
    const form = parsePostForm(body, boundary);
    if (form !== undefined) return { form, rest: body.subarray(form.contentStart) };
    if (view === undefined) throw new S3Error("IncompleteBody");
  }
}
