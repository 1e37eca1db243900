import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { S3ErrorCode } from "@s3-edge-cache/s3";
import { isPostSignatureField, signPostPolicy, verifyPostPolicy } from "./post_policy.ts";
import { NOW, OPTIONS, refusal } from "./testdata/requests.ts";

const DATE_TIME = "20250102T030405Z";
const CREDENTIAL = "client-key/20250102/eu-central-1/s3/aws4_request";
const OWN = [
  { "x-amz-algorithm": "AWS4-HMAC-SHA256" },
  ["eq", "$X-Amz-Credential", CREDENTIAL],
  ["starts-with", "$x-amz-date", "20250102"],
];
const OTHERS = [
  { bucket: "photos" },
  ["starts-with", "$key", "user/é/"],
  ["content-length-range", 1, 1048576],
  { "x-amz-meta-a": "1" },
];
const DOCUMENT = { expiration: "2025-01-02T04:00:00.000Z", conditions: [...OTHERS, ...OWN] };

/** HMAC chain of the signature, as Amazon's page has it. */
function signature(policy: string, secret = "client-secret"): string {
  let key: string | Buffer = "AWS4" + secret;
  for (const part of ["20250102", "eu-central-1", "s3", "aws4_request"]) {
    key = createHmac("sha256", key).update(part).digest();
  }
  return createHmac("sha256", key).update(policy).digest("hex");
}

function encode(document: unknown): string {
  return Buffer.from(JSON.stringify(document)).toString("base64");
}

function form(document: unknown = DOCUMENT, changed: Record<string, string> = {}) {
  const policy = typeof document === "string" ? document : encode(document);
  return new Map(Object.entries({
    key: "user/é/x",
    policy,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": CREDENTIAL,
    "x-amz-date": DATE_TIME,
    "x-amz-signature": signature(policy),
    ...changed,
  }));
}

function refused(code: S3ErrorCode, fields: Map<string, string>, message: RegExp = /./): void {
  const error = refusal(() => verifyPostPolicy(fields, OPTIONS));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
}

Deno.test("a signed policy is verified", () => {
  const { accessKeyId, document } = verifyPostPolicy(form(), OPTIONS);
  assert.equal(accessKeyId, "client-key");
  assert.equal(document.expires, Date.UTC(2025, 0, 2, 4));
  assert.deepEqual(document.content, DOCUMENT);
});

Deno.test("a policy signed anew keeps every condition but those of the signature", () => {
  const upstream = {
    credentials: { accessKeyId: "up", secretAccessKey: "secret", sessionToken: "token" },
    region: "us-east-1",
    now: () => NOW,
  };
  const signed = new Map(signPostPolicy(verifyPostPolicy(form(), OPTIONS), upstream));
  const document = JSON.parse(Buffer.from(signed.get("policy")!, "base64").toString());
  assert.equal(document.expiration, DOCUMENT.expiration);
  assert.deepEqual(document.conditions, [
    ...OTHERS,
    { "x-amz-algorithm": "AWS4-HMAC-SHA256" },
    { "x-amz-credential": "up/20250102/us-east-1/s3/aws4_request" },
    { "x-amz-date": DATE_TIME },
    { "x-amz-security-token": "token" },
  ]);
  assert.ok([...signed.keys()].every(isPostSignatureField));
  assert.ok(!isPostSignatureField("key"));
  assert.deepEqual(verifyPostPolicy(signed, upstream).document.content, document);
});

Deno.test("a form without a signature, or with another kind, is refused", () => {
  const without = form();
  without.delete("x-amz-signature");
  refused("InvalidArgument", without, /named 'x-amz-signature'/);
  without.set("signature", "x");
  refused("InvalidRequest", without, /Please use AWS4-HMAC-SHA256/);
  without.delete("signature");
  without.delete("policy");
  refused("AccessDenied", without);
  for (const name of ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date"]) {
    refused("InvalidArgument", form(DOCUMENT, { [name]: "" }), new RegExp(`named '${name}'`));
  }
  refused("InvalidArgument", form(DOCUMENT, { "x-amz-algorithm": "AWS4-HMAC-SHA512" }));
  refused("InvalidArgument", form(DOCUMENT, { "x-amz-date": "2025-01-02" }), /X-Amz-Date must be/);
});

Deno.test("the credential of a form is held against this endpoint", () => {
  const changed = (from: string, to: string) =>
    form(DOCUMENT, { "x-amz-credential": CREDENTIAL.replace(from, to) });
  refused("InvalidAccessKeyId", changed("client-key", "other"));
  refused(
    "InvalidArgument",
    changed("eu-central-1", "us-east-1"),
    /the region 'us-east-1' is wrong/,
  );
  refused("InvalidArgument", changed("/s3/", "/ec2/"), /incorrect service "ec2"/);
  refused("InvalidArgument", changed("20250102", "20250101"), /Invalid credential date/);
  refused("InvalidArgument", changed("/aws4_request", ""), /mal-formed/);
  refused("InvalidToken", form(DOCUMENT, { "x-amz-security-token": "t" }));
});

Deno.test("a policy that was changed, or signed by another key, does not match", () => {
  const wider = encode({ ...DOCUMENT, conditions: DOCUMENT.conditions.slice(1) });
  refused("SignatureDoesNotMatch", form(DOCUMENT, { policy: wider }));
  const { policy } = Object.fromEntries(form());
  refused("SignatureDoesNotMatch", form(DOCUMENT, { "x-amz-signature": signature(policy!, "x") }));
  const alias = String.fromCharCode(policy!.charCodeAt(0) + 0x100) + policy!.slice(1);
  refused("InvalidPolicyDocument", form(DOCUMENT, { policy: alias }));
});

Deno.test("a policy is good until it expires", () => {
  const at = (now: number) => ({ ...OPTIONS, now: () => now });
  const expires = Date.UTC(2025, 0, 2, 4);
  verifyPostPolicy(form(), at(expires - 1));
  const error = refusal(() => verifyPostPolicy(form(), at(expires)));
  assert.equal(error.code, "AccessDenied");
  assert.equal(error.message, "Invalid according to Policy: Policy expired.");
});

Deno.test("the conditions on the signature's fields are held against them", () => {
  const conditions = (...own: unknown[]) => form({ ...DOCUMENT, conditions: [...OTHERS, ...own] });
  refused("AccessDenied", conditions(OWN[0], OWN[1]), /Extra input fields: x-amz-date$/);
  refused(
    "AccessDenied",
    conditions(...OWN, { "x-amz-date": "20250102T000000Z" }),
    /Policy Condition failed: \["eq","\$x-amz-date","20250102T000000Z"\]$/,
  );
  refused("AccessDenied", conditions(...OWN, ["starts-with", "$x-amz-credential", "b"]));
  refused("AccessDenied", conditions(...OWN, { "x-amz-security-token": "" }));
  refused("InvalidPolicyDocument", conditions(...OWN, ["in", "$x-amz-date", "2025"]));
});

Deno.test("a document that is none is refused", () => {
  for (
    const [document, message] of [
      ["!!!!", /invalid Base64/],
      [Buffer.from("{").toString("base64"), /Invalid JSON/],
      [Buffer.from([0x22, 0xff, 0x22]).toString("base64"), /Invalid JSON/],
      [[], /Invalid JSON/],
      [null, /Invalid JSON/],
      [{ conditions: [] }, /missing expiration/],
      [{ expiration: "tomorrow", conditions: [] }, /Invalid 'expiration' value: 'tomorrow'/],
      [{ expiration: 5, conditions: [] }, /Invalid 'expiration'/],
      [{ expiration: DOCUMENT.expiration }, /missing conditions/],
      [{ ...DOCUMENT, conditions: {} }, /must be a List/],
      [{ ...DOCUMENT, conditions: ["x"] }, /must be a List or Object/],
      [{ ...DOCUMENT, conditions: [null] }, /must be a List or Object/],
      [{ ...DOCUMENT, conditions: [[]] }, /missing operation identifier/],
      [{ ...DOCUMENT, conditions: [["eq", "$key"]] }, /Invalid eq: wrong number/],
      [{ ...DOCUMENT, conditions: [{ a: "1", b: "2" }] }, /exactly one property/],
      [{ ...DOCUMENT, conditions: [{ a: 1 }] }, /value must be a string/],
    ] as const
  ) refused("InvalidPolicyDocument", form(document), message);
});
