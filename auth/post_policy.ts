/**
 * Form uploads: a browser's POST whose signature covers a policy document.
 *
 * The origin holds the form against the policy. For that the policy goes up under the proxy's
 * own key: the conditions on the signature's own fields are checked here and replaced, every
 * other condition stays as it is.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { S3Error } from "@s3-edge-cache/s3";
import { formatAmzDate, parseAmzDate } from "./amz_date.ts";
import { unsupportedMechanism } from "./authorization.ts";
import { checkScope, parseCredential, type ScopeFault } from "./credential_scope.ts";
import {
  conditionsOn,
  parsePolicyDocument,
  type PolicyDocument,
  withoutConditionsOn,
} from "./policy_document.ts";
import type { SignerOptions } from "./sign.ts";
import { ALGORITHM, sameSignature, SigningKeys } from "./signature.ts";
import type { VerifierOptions } from "./verify.ts";

/** A policy document whose signature was right. */
export interface PostPolicy {
  /** Whose key signed. */
  readonly accessKeyId: string;
  /** The document. */
  readonly document: PolicyDocument;
}

/** The fields that carry the policy's signature, in lower case; the policy itself is apart. */
const CONDITIONED_FIELDS: readonly string[] = [
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-security-token",
];

const REQUIRED_FIELDS: readonly string[] = [
  "policy",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-signature",
];

/**
 * Whether a form field belongs to the signature, and is replaced by `signPostPolicy`.
 *
 * @param name The field's name in lower case.
 */
export function isPostSignatureField(name: string): boolean {
  return REQUIRED_FIELDS.includes(name) || CONDITIONED_FIELDS.includes(name);
}

const fault: ScopeFault = (message, details = {}) =>
  new S3Error("InvalidArgument", { message, details });

/**
 * Verifies the signature of a form upload and the policy's conditions on it.
 *
 * @param fields The form's fields before the file, names in lower case.
 * @param options As for requests in the header form.
 * @throws {S3Error} AccessDenied for a form without policy and signature, an expired policy, and one that
 * does not allow its own signature fields; InvalidArgument if a field is missing or malformed;
 * InvalidRequest for Signature Version 2; InvalidAccessKeyId; InvalidToken;
 * SignatureDoesNotMatch; InvalidPolicyDocument.
 */
export function verifyPostPolicy(
  fields: ReadonlyMap<string, string>,
  options: VerifierOptions,
): PostPolicy {
  checkForm(fields);
  const dateTime = fields.get("x-amz-date")!;
  const credential = parseCredential(fields.get("x-amz-credential")!, fault);
  const { accessKeyId } = credential;
  if (accessKeyId !== options.credentials.accessKeyId) {
    throw new S3Error("InvalidAccessKeyId", { details: { AWSAccessKeyId: accessKeyId } });
  }
  checkScope(credential, options.region, dateTime, fault);
  if (fields.get("x-amz-security-token") !== options.credentials.sessionToken) {
    throw new S3Error("InvalidToken");
  }
  const policy = fields.get("policy")!;
  const provided = fields.get("x-amz-signature")!;
  const key = new SigningKeys(options.credentials, options.region).on(credential.date);
  if (!sameSignature(key.sign(policy), provided)) {
    throw new S3Error("SignatureDoesNotMatch", {
      details: {
        AWSAccessKeyId: accessKeyId,
        StringToSign: policy,
        SignatureProvided: provided,
      },
    });
  }
  const document = parsePolicyDocument(policy);
  if (options.now() >= document.expires) {
    throw new S3Error("AccessDenied", { message: "Invalid according to Policy: Policy expired." });
  }
  for (const name of CONDITIONED_FIELDS) checkField(document, name, fields.get(name));
  return { accessKeyId, document };
}

/** Refuses a form that lacks a field of the signature, or has one that can't be. */
function checkForm(fields: ReadonlyMap<string, string>): void {
  if (!fields.has("x-amz-signature")) {
    if (fields.has("signature")) throw unsupportedMechanism();
    if (!fields.has("policy")) throw new S3Error("AccessDenied");
  }
  for (const name of REQUIRED_FIELDS) {
    if (!fields.get(name)) {
      throw fault(
        `Bucket POST must contain a field named '${name}'.  ` +
          "If it is specified, please check the order of the fields.",
      );
    }
  }
  if (fields.get("x-amz-algorithm") !== ALGORITHM) {
    throw fault(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  if (parseAmzDate(fields.get("x-amz-date")!) === undefined) {
    throw fault("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
}

/** Holds one of the signature's own fields against the conditions on it, as S3 would. */
function checkField(document: PolicyDocument, name: string, value: string | undefined): void {
  const conditions = conditionsOn(document, name);
  if (value !== undefined && conditions.length === 0) {
    throw new S3Error("AccessDenied", {
      message: `Invalid according to Policy: Extra input fields: ${name}`,
    });
  }
  for (const { prefix, operand } of conditions) {
    if (value === operand || (prefix && value?.startsWith(operand))) continue;
    const operator = prefix ? "starts-with" : "eq";
    throw new S3Error("AccessDenied", {
      message: "Invalid according to Policy: Policy Condition failed: " +
        JSON.stringify([operator, `$${name}`, operand]),
    });
  }
}

/**
 * Makes of a verified policy the fields of a form under another key: the same document, with
 * conditions that fit the new signature.
 *
 * @param policy The verified policy.
 * @param options The key that signs, its region and the clock.
 * @returns The fields that replace those of `isPostSignatureField`.
 */
export function signPostPolicy(
  policy: PostPolicy,
  options: SignerOptions,
): readonly (readonly [name: string, value: string])[] {
  const { credentials, region, now } = options;
  const dateTime = formatAmzDate(now());
  const key = new SigningKeys(credentials, region).on(dateTime.slice(0, 8));
  const own: [name: string, value: string][] = [
    ["x-amz-algorithm", ALGORITHM],
    ["x-amz-credential", `${credentials.accessKeyId}/${key.scope}`],
    ["x-amz-date", dateTime],
  ];
  if (credentials.sessionToken !== undefined) {
    own.push(["x-amz-security-token", credentials.sessionToken]);
  }
  const document = {
    ...policy.document.content,
    conditions: [
      ...withoutConditionsOn(policy.document, CONDITIONED_FIELDS),
      ...own.map(([name, value]) => ({ [name]: value })),
    ],
  };
  const encoded = Buffer.from(JSON.stringify(document)).toString("base64");
  return [["policy", encoded], ...own, ["x-amz-signature", key.sign(encoded)]];
}
