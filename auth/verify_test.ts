import assert from "node:assert/strict";
import { HeaderList, type RequestHead } from "@s3-edge-cache/s3";
import { formatAmzDate } from "./amz_date.ts";
import { EMPTY_SHA256 } from "./signature.ts";
import {
  NOW,
  OPTIONS,
  refused,
  signedHead,
  verify,
  withAuthorization,
  withField,
} from "./testdata/requests.ts";

const MINUTE = 60_000;

Deno.test("a signed request is verified, whatever its body is said to be", () => {
  assert.deepEqual(verify(signedHead()).payload, { kind: "unsigned" });
  const hashed = verify(signedHead({ payloadHash: EMPTY_SHA256 }));
  assert.deepEqual(hashed.payload, { kind: "sha256", hash: EMPTY_SHA256 });
  assert.equal(hashed.accessKeyId, OPTIONS.credentials.accessKeyId);
  assert.equal(hashed.dateTime, formatAmzDate(NOW));
});

Deno.test("a request without a signature is refused", () => {
  const head = withField(signedHead(), "authorization", undefined);
  assert.equal(refused("AccessDenied", head).message, "Access Denied");
});

Deno.test("each covered part is covered", () => {
  const head = signedHead({
    method: "PUT",
    query: "partNumber=1&uploadId=x",
    headers: [["content-type", "text/plain"], ["content-md5", "a"], ["x-amz-meta-a", "1"]],
    payloadHash: EMPTY_SHA256,
  });
  verify(head);
  const changed: RequestHead[] = [
    { ...head, method: "POST" },
    { ...head, target: head.target.replace("/key?", "/kez?") },
    { ...head, target: head.target.replace("/bucket/", "/bucker/") },
    { ...head, target: head.target.replace("/key?", "//key?") },
    { ...head, target: head.target.replace("uploadId=x", "uploadId=y") },
    { ...head, target: head.target.replace("&uploadId=x", "") },
    { ...head, target: head.target + "&acl" },
    withField(head, "host", "localhost:8081"),
    withField(head, "content-type", "text/html"),
    withField(head, "content-md5", "b"),
    withField(head, "x-amz-meta-a", "2"),
    withField(head, "x-amz-meta-a", undefined),
    withField(head, "x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
    withField(head, "x-amz-date", formatAmzDate(NOW + 1000)),
    withAuthorization(head, (value) => value.replace(/[0-9a-f]$/, (x) => x === "0" ? "1" : "0")),
    withAuthorization(head, (value) => value.slice(0, -1)),
    withAuthorization(head, (value) => value + "0"),
    withAuthorization(head, (value) => value.replace("host;", "")),
    withAuthorization(head, (value) => value.replace("content-type;", "")),
  ];
  for (const other of changed) {
    const code = other.headers.get("authorization")!.includes("host;")
      ? "SignatureDoesNotMatch"
      : "AccessDenied";
    refused(code, other);
  }
  refused("SignatureDoesNotMatch", head, {
    credentials: { ...OPTIONS.credentials, secretAccessKey: "other" },
  });
});

Deno.test("a wrong signature is answered with what was computed, and no secret", () => {
  const head = withAuthorization(signedHead(), (value) => value.replace(/.{64}$/, "0".repeat(64)));
  const { details, message } = refused("SignatureDoesNotMatch", head);
  assert.deepEqual(Object.keys(details), [
    "AWSAccessKeyId",
    "StringToSign",
    "SignatureProvided",
    "CanonicalRequest",
  ]);
  assert.equal(details["SignatureProvided"], "0".repeat(64));
  assert.match(details["StringToSign"]!, /^AWS4-HMAC-SHA256\n20250102T030405Z\n/);
  assert.match(details["CanonicalRequest"]!, /^GET\n\/bucket\/key\n\nhost:localhost:8080\n/);
  const right = signedHead().headers.get("authorization")!.slice(-64);
  const said = message + JSON.stringify(details);
  assert.ok(!said.includes(OPTIONS.credentials.secretAccessKey));
  assert.ok(!said.includes(right));
});

Deno.test("the time may be 15 minutes off, either way, and no more", () => {
  for (const off of [-15 * MINUTE, 15 * MINUTE]) {
    verify(signedHead({ now: () => NOW + off }));
    const sign = Math.sign(off) * 1000;
    const { details } = refused(
      "RequestTimeTooSkewed",
      signedHead({ now: () => NOW + off + sign }),
    );
    assert.deepEqual(details, {
      RequestTime: formatAmzDate(NOW + off + sign),
      ServerTime: "2025-01-02T03:04:05Z",
      MaxAllowedSkewMilliseconds: "900000",
    });
  }
});

Deno.test("a request needs a date, and one that is", () => {
  for (const date of [undefined, "", "20250102", "20250102T030405", "20250230T000000Z"]) {
    const { message } = refused("AccessDenied", withField(signedHead(), "x-amz-date", date));
    assert.equal(message, "AWS authentication requires a valid Date or x-amz-date header");
  }
  const twice = signedHead();
  const fields = [...twice.headers.pairs, ["x-amz-date", formatAmzDate(NOW)]] as const;
  refused("AccessDenied", { ...twice, headers: new HeaderList(fields) });
});

Deno.test("the scope is held against this endpoint", () => {
  const change = (from: string, to: string) =>
    refused(
      "AuthorizationHeaderMalformed",
      withAuthorization(signedHead(), (v) => v.replace(from, to)),
    );
  assert.match(change("/s3/", "/ec2/").message, /incorrect service "ec2"/);
  assert.match(change("/aws4_request", "/aws5").message, /incorrect terminal "aws5"/);
  assert.match(change("20250102", "20250101").message, /Invalid credential date "20250101"/);
  assert.match(change("20250102", "20250100").message, /incorrect date format "20250100"/);
  assert.match(change("/s3/aws4_request", "").message, /the Credential is mal-formed/);
  const region = refused("AuthorizationHeaderMalformed", signedHead({ region: "us-east-1" }));
  assert.equal(
    region.message,
    "The authorization header is malformed; the region 'us-east-1' is wrong; " +
      "expecting 'eu-central-1'",
  );
  assert.deepEqual(region.details, { Region: "eu-central-1" });
});

Deno.test("an authorization that lacks a part, or has one twice, is malformed", () => {
  for (
    const [change, message] of [
      [(v: string) => v.replace(/Credential=[^,]*,/, ""), /missing Credential/],
      [(v: string) => v.replace(/SignedHeaders=[^,]*,/, ""), /missing SignedHeaders/],
      [(v: string) => v.replace(/,Signature=.*/, ""), /missing Signature/],
      [(v: string) => v + v.slice(v.indexOf(",")), /component "SignedHeaders=/],
      [(v: string) => v + "," + /Signature=.*/.exec(v)![0], /component "Signature=/],
      [(v: string) => v + "," + /Credential=[^,]*/.exec(v)![0], /component "Credential=/],
      [(v: string) => v + ",", /component "" is malformed/],
      [(v: string) => v + ",Extra=1", /component "Extra=1" is malformed/],
      [(v: string) => v.replace("Credential=", "Credential"), /is malformed/],
      [() => "AWS4-HMAC-SHA256", /missing Credential/],
      [() => "AWS4-HMAC-SHA256 ", /is malformed/],
    ] as const
  ) {
    const error = refused("AuthorizationHeaderMalformed", withAuthorization(signedHead(), change));
    assert.match(error.message, message);
  }
});

Deno.test("the parts of an authorization may stand in any order, with spaces between", () => {
  verify(withAuthorization(signedHead(), (value) => {
    const [credential, signed, signature] = value.slice("AWS4-HMAC-SHA256 ".length).split(",");
    return `AWS4-HMAC-SHA256  ${signature} ,  ${signed}, ${credential}`;
  }));
});

Deno.test("other mechanisms are named in their refusal", () => {
  const scheme = (value: string) => withField(signedHead(), "authorization", value);
  const version2 = refused("InvalidRequest", scheme("AWS client-key:c2lnbmF0dXJl"));
  assert.match(version2.message, /Please use AWS4-HMAC-SHA256\.$/);
  for (const date of [undefined, "", "Bad Date", "Fri, 07 Jul 1950 21:53:04 GMT"]) {
    const head = withField(signedHead(), "x-amz-date", date);
    refused("AccessDenied", withField(head, "authorization", "AWS client-key:c2lnbmF0dXJl"));
  }
  refused("NotImplemented", scheme("AWS4-ECDSA-P256-SHA256 Credential=a"));
  for (const value of ["Bearer x", "Basic eDp5", "", "aws4-hmac-sha256 x"]) {
    assert.equal(
      refused("InvalidArgument", scheme(value)).message,
      "Unsupported Authorization Type",
    );
  }
  const query = { ...signedHead(), target: "/bucket/key?AWSAccessKeyId=a&Expires=1&Signature=b" };
  refused("InvalidRequest", withField(query, "authorization", undefined));
});

Deno.test("a key that is not the client's is unknown", () => {
  const head = signedHead({ credentials: { accessKeyId: "other", secretAccessKey: "x" } });
  assert.deepEqual(refused("InvalidAccessKeyId", head).details, { AWSAccessKeyId: "other" });
});

Deno.test("a request signs its host and every x-amz- field", () => {
  const head = signedHead();
  const extra = withField(withField(head, "x-amz-acl", "public-read"), "x-amz-meta-b", "1");
  const { message, details } = refused("AccessDenied", extra);
  assert.equal(message, "There were headers present in the request which were not signed");
  assert.deepEqual(details, { HeadersNotSigned: "x-amz-acl, x-amz-meta-b" });
  for (const name of ["host", "x-amz-date", "x-amz-content-sha256"]) {
    const less = withAuthorization(
      head,
      (value) =>
        value.replace(
          /SignedHeaders=([^,]*)/,
          (_, list: string) =>
            "SignedHeaders=" + list.split(";").filter((signed) => signed !== name).join(";"),
        ),
    );
    assert.deepEqual(refused("AccessDenied", less).details, { HeadersNotSigned: name });
  }
  verify(withField(head, "x-forwarded-for", "1.2.3.4"));
});

Deno.test("x-amz-content-sha256 is required, and known", () => {
  const missing = refused(
    "InvalidRequest",
    withField(signedHead(), "x-amz-content-sha256", undefined),
  );
  assert.equal(missing.message, "Missing required header for this request: x-amz-content-sha256");
  for (const payloadHash of ["", "abc", "unsigned-payload", "STREAMING-X", "E3".repeat(32)]) {
    const { details } = refused("InvalidArgument", signedHead({ payloadHash }));
    assert.equal(details["ArgumentValue"], payloadHash);
  }
  refused(
    "NotImplemented",
    signedHead({ payloadHash: "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" }),
  );
});

Deno.test("a session token is the key's own", () => {
  const credentials = { ...OPTIONS.credentials, sessionToken: "token" };
  verify(signedHead({ credentials }), { credentials });
  refused("InvalidToken", signedHead({ credentials }));
  refused("InvalidToken", signedHead(), { credentials });
  const other = { ...credentials, sessionToken: "tokex" };
  refused("InvalidToken", signedHead({ credentials: other }), { credentials });
});

Deno.test("one mechanism at a time", () => {
  const head = signedHead();
  const twice = [...head.headers.pairs, head.headers.pairs.at(-1)!];
  refused("InvalidArgument", { ...head, headers: new HeaderList(twice) });
  for (const query of ["X-Amz-Signature=a", "X-Amz-Algorithm", "AWSAccessKeyId=a&Signature=b"]) {
    const { message } = refused("InvalidArgument", { ...head, target: `${head.target}?${query}` });
    assert.match(message, /^Only one auth mechanism allowed/);
  }
});

Deno.test("signed headers count once, in whatever order they are listed", () => {
  verify(
    withAuthorization(
      signedHead(),
      (value) =>
        value.replace(
          /SignedHeaders=([^,]*)/,
          (_, list: string) => `SignedHeaders=${list.split(";").reverse().join(";")};host;host`,
        ),
    ),
  );
});

Deno.test("a signed header that is not there is a mismatch", () => {
  const head = withAuthorization(signedHead(), (value) => value.replace("host;", "absent;host;"));
  refused("SignatureDoesNotMatch", head);
});
