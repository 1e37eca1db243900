/**
 * The policy by which a form may upload.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { SigningKeys } from "@s3-edge-cache/auth";
import { OriginError } from "./error.ts";
import type { Form } from "./form_data.ts";
import type { OriginOptions } from "./options.ts";

/** Fields that no condition has to name. */
const EXEMPT = /^(x-amz-signature|policy|file|x-ignore-.*)$/;

/**
 * Verifies the signature of a form's policy, and that the form keeps to it.
 *
 * @param form The form.
 * @param bucket The bucket that it is sent to.
 * @param options Whose signatures are good.
 * @throws {OriginError} AccessDenied, SignatureDoesNotMatch, InvalidPolicyDocument,
 * EntityTooSmall, EntityTooLarge
 */
export function verifyPolicy(form: Form, bucket: string, options: Required<OriginOptions>): void {
  const policy = form.fields.get("policy");
  if (policy === undefined) throw new OriginError("AccessDenied");
  verifySignature(form, policy, options);
  const { expiration, conditions } = readPolicy(policy);
  if (!(Date.parse(expiration) > options.now())) {
    throw denied("Policy expired.");
  }
  const fields = new Map(form.fields).set("bucket", bucket);
  const named = new Set<string>(["bucket"]);
  for (const condition of conditions) checkCondition(condition, fields, form, named);
  for (const name of form.fields.keys()) {
    if (!named.has(name) && !EXEMPT.test(name)) {
      throw denied(`Extra input fields: ${name}`);
    }
  }
}

function denied(reason: string): OriginError {
  return new OriginError("AccessDenied", { message: `Invalid according to Policy: ${reason}` });
}

function verifySignature(form: Form, policy: string, options: Required<OriginOptions>): void {
  const [accessKeyId, date, ...scope] = (form.fields.get("x-amz-credential") ?? "").split("/");
  if (
    form.fields.get("x-amz-algorithm") !== "AWS4-HMAC-SHA256" || date === undefined ||
    scope.join("/") !== `${options.region}/s3/aws4_request`
  ) {
    throw new OriginError("InvalidArgument");
  }
  if (accessKeyId !== options.credentials.accessKeyId) throw new OriginError("InvalidAccessKeyId");
  const key = new SigningKeys(options.credentials, options.region).on(date);
  if (key.sign(policy) !== form.fields.get("x-amz-signature")) {
    throw new OriginError("SignatureDoesNotMatch");
  }
}

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

function readPolicy(encoded: string): Policy {
  try {
    const policy = JSON.parse(Buffer.from(encoded, "base64").toString());
    if (typeof policy.expiration === "string" && Array.isArray(policy.conditions)) return policy;
  } catch {
    // What is no policy is refused below.
  }
  throw new OriginError("InvalidPolicyDocument");
}

function checkCondition(
  condition: unknown,
  fields: ReadonlyMap<string, string>,
  form: Form,
  named: Set<string>,
): void {
  if (!Array.isArray(condition)) {
    for (const [name, value] of Object.entries(condition as Record<string, unknown>)) {
      checkCondition(["eq", `$${name}`, value], fields, form, named);
    }
    return;
  }
  const [operator, subject, operand] = condition;
  if (operator === "content-length-range") {
    if (form.file.length < Number(subject)) throw new OriginError("EntityTooSmall");
    if (form.file.length > Number(operand)) throw new OriginError("EntityTooLarge");
    return;
  }
  const name = String(subject).replace(/^\$/, "").toLowerCase();
  const value = fields.get(name) ?? "";
  named.add(name);
  const holds = operator === "starts-with"
    ? value.startsWith(String(operand))
    : operator === "eq" && value === String(operand);
  if (!holds) throw denied(`Policy Condition failed: ${JSON.stringify(condition)}`);
}
