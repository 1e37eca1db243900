import assert from "node:assert/strict";
import { Query, type RequestHead } from "@s3-edge-cache/s3";
import { canonicalQuery, canonicalRequest, stringToSign } from "./canonical.ts";
import { isSignatureParameter } from "./presigned.ts";
import { EMPTY_SHA256, SigningKey } from "./signature.ts";
import { NOW, OPTIONS, presignedHead, refused, verify, withField } from "./testdata/requests.ts";

const MINUTE = 60_000;

function changed(change: (target: string) => string, head = presignedHead()): RequestHead {
  return { ...head, target: change(head.target) };
}

/** The head with a parameter of its signature set to another raw value. */
function withParameter(name: string, value: string): RequestHead {
  return changed((target) => target.replace(new RegExp(`(X-Amz-${name}=)[^&]*`), `$1${value}`));
}

Deno.test("a presigned request is verified, its body unsigned", () => {
  assert.deepEqual(verify(presignedHead()).payload, { kind: "unsigned" });
  verify(presignedHead({ method: "PUT", query: "partNumber=1&uploadId=a%2Fb" }));
  verify(presignedHead({ headers: [["content-type", "a/b"], ["x-amz-acl", "private"]] }));
});

Deno.test("each covered part of a presigned request is covered", () => {
  const head = presignedHead({ query: "versionId=1" });
  for (
    const other of [
      { ...head, method: "PUT" },
      withField(head, "host", "elsewhere"),
      changed((target) => target.replace("/key?", "/kez?"), head),
      changed((target) => target.replace("versionId=1", "versionId=2"), head),
      changed((target) => target.replace("Expires=3600", "Expires=3601"), head),
      changed((target) => target + "&response-content-type=text/html", head),
      changed((target) => target.slice(0, -1), head),
    ]
  ) refused("SignatureDoesNotMatch", other);
});

Deno.test("a presigned request is good from 15 minutes before its time until it expires", () => {
  const at = (now: number) => ({ now: () => now });
  const head = presignedHead({ expiresSeconds: 60 });
  verify(head, at(NOW - 15 * MINUTE));
  verify(head, at(NOW + MINUTE));
  const early = refused("AccessDenied", head, at(NOW - 15 * MINUTE - 1));
  assert.equal(early.message, "Request is not yet valid");
  const late = refused("AccessDenied", head, at(NOW + MINUTE + 1));
  assert.equal(late.message, "Request has expired");
  assert.deepEqual(late.details, {
    "X-Amz-Expires": "60",
    Expires: "2025-01-02T03:05:05Z",
    ServerTime: "2025-01-02T03:05:05Z",
  });
  const week = presignedHead({ expiresSeconds: 604_800 });
  verify(week, at(NOW + 604_800_000));
});

Deno.test("the time that a presigned request is good is 1 to 604800 seconds", () => {
  const expires = (value: string) =>
    refused("AuthorizationQueryParametersError", withParameter("Expires", value)).message;
  assert.equal(
    expires("604801"),
    "X-Amz-Expires must be less than a week (in seconds); " +
      "that is, the given X-Amz-Expires must be less than 604800 seconds",
  );
  assert.equal(expires("-1"), "X-Amz-Expires must be non-negative");
  assert.match(expires("0"), /at least 1/);
  for (const value of ["x", "1.5", "1e3", "%201", "0x10", "9".repeat(400)]) {
    assert.equal(expires(value), "X-Amz-Expires should be a number", value);
  }
});

Deno.test("a presigned request has every parameter of its signature, once", () => {
  for (
    const name of ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"]
  ) {
    const pattern = new RegExp(`X-Amz-${name}=[^&]*&?`);
    const less = changed((target) => target.replace(pattern, ""));
    const { message } = refused("AuthorizationQueryParametersError", less);
    assert.match(message, /^Query-string authentication version 4 requires the X-Amz-Algorithm/);
    refused("AuthorizationQueryParametersError", withParameter(name, ""));
    const twice = changed((target) => `${target}&${pattern.exec(target)![0]}`);
    refused("AuthorizationQueryParametersError", twice);
  }
});

Deno.test("the parameters of a presigned request are held against this endpoint", () => {
  const query = "AuthorizationQueryParametersError";
  assert.match(refused(query, withParameter("Algorithm", "AWS4")).message, /^X-Amz-Algorithm only/);
  refused("NotImplemented", withParameter("Algorithm", "AWS4-ECDSA-P256-SHA256"));
  assert.match(refused(query, withParameter("Date", "2025-01-02")).message, /^X-Amz-Date must be/);
  assert.match(
    refused(query, withParameter("Credential", "a/b")).message,
    /^Error parsing the X-Amz-Credential parameter; the Credential is mal-formed/,
  );
  const region = refused(query, presignedHead({ region: "us-east-1" }));
  assert.match(region.message, /the region 'us-east-1' is wrong; expecting 'eu-central-1'$/);
  refused(
    "InvalidAccessKeyId",
    presignedHead({ credentials: { accessKeyId: "b", secretAccessKey: "" } }),
  );
});

Deno.test("fields that were not signed are refused, but for an unsigned body's", () => {
  verify(withField(presignedHead(), "x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
  const hashed = withField(presignedHead(), "x-amz-content-sha256", EMPTY_SHA256);
  assert.deepEqual(refused("AccessDenied", hashed).details, {
    HeadersNotSigned: "x-amz-content-sha256",
  });
  refused("AccessDenied", withField(presignedHead(), "x-amz-acl", "public-read"));
});

Deno.test("a token in the query is the key's own", () => {
  const credentials = { ...OPTIONS.credentials, sessionToken: "to/ken+" };
  verify(presignedHead({ credentials }), { credentials });
  refused("InvalidToken", presignedHead({ credentials }));
  refused("InvalidToken", presignedHead(), { credentials });
});

Deno.test("the parameters of the signature are told from those of the request", () => {
  const { target } = presignedHead({
    query: "versionId=1&X-Amz-Other=2",
    credentials: { ...OPTIONS.credentials, sessionToken: "t" },
  });
  const names = [...new URLSearchParams(target.slice(target.indexOf("?"))).keys()];
  assert.deepEqual(names.filter((name) => !isSignatureParameter(name)), [
    "versionId",
    "X-Amz-Other",
  ]);
});

/** A presigned request whose signature covers the body's hash, as its query says. */
function presignedHash(hash: string): RequestHead {
  const { target, ...head } = presignedHead({ query: `X-Amz-Content-Sha256=${hash}` });
  const [unsigned] = target.split("&X-Amz-Signature=");
  const request = canonicalRequest({
    method: "GET",
    path: "/bucket/key",
    query: canonicalQuery(new Query(unsigned!.slice(unsigned!.indexOf("?") + 1))),
    headers: "host:localhost:8080\n",
    signedHeaders: "host",
    payloadHash: hash,
  });
  const key = new SigningKey(OPTIONS.credentials.secretAccessKey, "20250102", OPTIONS.region);
  const signature = key.sign(stringToSign("20250102T030405Z", key.scope, request));
  return { ...head, target: `${unsigned}&X-Amz-Signature=${signature}` };
}

Deno.test("what a presigned query says of the body holds, and no unsigned field undoes it", () => {
  assert.deepEqual(verify(presignedHash("UNSIGNED-PAYLOAD")).payload, { kind: "unsigned" });
  const head = presignedHash(EMPTY_SHA256);
  const payload = { kind: "sha256", hash: EMPTY_SHA256 };
  assert.deepEqual(verify(head).payload, payload);
  const undone = withField(head, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  assert.deepEqual(verify(undone).payload, payload);
});
