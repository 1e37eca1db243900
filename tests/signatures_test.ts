import assert from "node:assert/strict";
import { type Credentials, presign, Signer } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "./_client.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";
import { assertS3Error, element } from "./_s3_error.ts";

const TARGET = "/bucket/key";
const MINUTE = 60_000;

/** How a request is signed, and what is changed behind the signer's back. */
interface Forgery {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly HeaderPair[];
  readonly credentials?: Credentials;
  readonly region?: string;
  /** How far the signer's clock is ahead, in milliseconds. */
  readonly skew?: number;
  /** Changes the request when it is signed. */
  readonly tamper?: (request: TestRequest) => TestRequest;
}

/** A proxy that holds the object, and its answer to a forged request. */
async function withWarmProxy(test: (proxy: TestProxy) => Promise<void>): Promise<void> {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "secret");
  proxy.origin.put("bucket", "other", "secret");
  for (const target of [TARGET, "/bucket/other"]) await proxy.client.get(target);
  assert.equal((await proxy.client.get(TARGET)).header("x-cache"), "HIT");
  proxy.origin.reset();
  await test(proxy);
  assert.equal(proxy.origin.calls.length, 0, "something reached the origin");
}

function signedHeader({ client }: TestProxy, forgery: Forgery): TestRequest {
  const { method = "GET", target = TARGET, tamper = (request) => request } = forgery;
  const signer = new Signer({
    credentials: forgery.credentials ?? CLIENT_CREDENTIALS,
    region: forgery.region ?? "us-east-1",
    now: () => Date.now() + (forgery.skew ?? 0),
  });
  const [path, query = ""] = target.split("?") as [string, string?];
  const headers: HeaderPair[] = [["host", client.host], ...forgery.headers ?? []];
  headers.push(...signer.sign({
    method,
    path,
    query,
    headers,
    payloadHash: "UNSIGNED-PAYLOAD",
  }));
  return tamper({ method, target, headers, unsigned: true });
}

/** Replaces a piece of the Authorization field. */
function authorization(change: (value: string) => string) {
  return (request: TestRequest): TestRequest => ({
    ...request,
    headers: request.headers!.map(([name, value]): HeaderPair => [
      name,
      name === "authorization" ? change(value) : value,
    ]),
  });
}

function without(field: string) {
  return (request: TestRequest): TestRequest => ({
    ...request,
    headers: request.headers!.filter(([name]) => name !== field),
  });
}

function adding(...fields: readonly HeaderPair[]) {
  return (request: TestRequest): TestRequest => ({
    ...request,
    headers: [...request.headers!, ...fields],
  });
}

type Case = readonly [name: string, status: number, code: string, forgery: Forgery];

const OTHER_KEY: Credentials = { ...CLIENT_CREDENTIALS, accessKeyId: "AKIASOMEBODYELSE0001" };
const WRONG_SECRET: Credentials = { ...CLIENT_CREDENTIALS, secretAccessKey: "guess" };
const WITH_TOKEN: Credentials = { ...CLIENT_CREDENTIALS, sessionToken: "token" };

const HEADER_CASES: readonly Case[] = [
  ["a wrong secret", 403, "SignatureDoesNotMatch", { credentials: WRONG_SECRET }],
  ["an unknown key", 403, "InvalidAccessKeyId", { credentials: OTHER_KEY }],
  ["a token nobody gave", 400, "InvalidToken", { credentials: WITH_TOKEN }],
  ["another region", 400, "AuthorizationHeaderMalformed", { region: "eu-west-1" }],
  ["a clock behind", 403, "RequestTimeTooSkewed", { skew: -15 * MINUTE - 5000 }],
  ["a clock ahead", 403, "RequestTimeTooSkewed", { skew: 15 * MINUTE + 5000 }],
  ["another path", 403, "SignatureDoesNotMatch", {
    target: "/bucket/other",
    tamper: (request) => ({ ...request, target: TARGET }),
  }],
  ["another bucket", 403, "SignatureDoesNotMatch", {
    tamper: (request) => ({ ...request, target: "/other/key" }),
  }],
  ["a doubled slash", 403, "SignatureDoesNotMatch", {
    tamper: (request) => ({ ...request, target: "/bucket//key" }),
  }],
  ["a dot segment", 403, "SignatureDoesNotMatch", {
    tamper: (request) => ({ ...request, target: "/bucket/x/../key" }),
  }],
  ["an added parameter", 403, "SignatureDoesNotMatch", {
    tamper: (request) => ({ ...request, target: `${TARGET}?response-content-type=text/html` }),
  }],
  ["a changed parameter", 403, "SignatureDoesNotMatch", {
    target: `${TARGET}?versionId=1`,
    tamper: (request) => ({ ...request, target: `${TARGET}?versionId=2` }),
  }],
  ["a dropped parameter", 403, "SignatureDoesNotMatch", {
    target: `${TARGET}?versionId=1`,
    tamper: (request) => ({ ...request, target: TARGET }),
  }],
  ["another method", 403, "SignatureDoesNotMatch", {
    tamper: (request) => ({ ...request, method: "DELETE" }),
  }],
  ["another host", 403, "SignatureDoesNotMatch", {
    tamper: (request) => adding(["host", "other.example"])(without("host")(request)),
  }],
  ["a changed signed field", 403, "SignatureDoesNotMatch", {
    headers: [["x-amz-meta-a", "1"]],
    tamper: (request) => adding(["x-amz-meta-a", "2"])(without("x-amz-meta-a")(request)),
  }],
  ["a dropped signed field", 403, "SignatureDoesNotMatch", {
    headers: [["x-amz-checksum-mode", "ENABLED"]],
    tamper: without("x-amz-checksum-mode"),
  }],
  ["a changed payload hash", 403, "SignatureDoesNotMatch", {
    tamper: (request) =>
      adding(["x-amz-content-sha256", "0".repeat(64)])(without("x-amz-content-sha256")(request)),
  }],
  ["an unsigned x-amz-acl", 403, "AccessDenied", {
    method: "PUT",
    tamper: adding(["x-amz-acl", "public-read"]),
  }],
  ["an unsigned x-amz-copy-source", 403, "AccessDenied", {
    method: "PUT",
    tamper: adding(["x-amz-copy-source", "/bucket/other"]),
  }],
  ["an unsigned session token", 403, "AccessDenied", {
    tamper: adding(["x-amz-security-token", "token"]),
  }],
  ["a host that is not signed", 403, "AccessDenied", {
    tamper: authorization((value) => value.replace("SignedHeaders=host;", "SignedHeaders=")),
  }],
  ["no date", 403, "AccessDenied", { tamper: without("x-amz-date") }],
  ["no payload hash", 400, "InvalidRequest", { tamper: without("x-amz-content-sha256") }],
  ["no signature at all", 403, "AccessDenied", { tamper: without("authorization") }],
  ["a signature of Version 2", 400, "InvalidRequest", {
    tamper: authorization(() => `AWS ${CLIENT_CREDENTIALS.accessKeyId}:c2lnbmF0dXJl`),
  }],
  ["a signature of Version 4A", 501, "NotImplemented", {
    tamper: authorization((value) => value.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")),
  }],
  ["Basic authorization", 400, "InvalidArgument", {
    tamper: authorization(() => "Basic Zm9vOmJhcg=="),
  }],
  ["an empty Authorization", 400, "InvalidArgument", { tamper: authorization(() => "") }],
  ["a scheme alone", 400, "AuthorizationHeaderMalformed", {
    tamper: authorization(() => "AWS4-HMAC-SHA256"),
  }],
  ["a missing Signature", 400, "AuthorizationHeaderMalformed", {
    tamper: authorization((value) => value.replace(/,Signature=.*/, "")),
  }],
  ["a malformed Credential", 400, "AuthorizationHeaderMalformed", {
    tamper: authorization((value) => value.replace("/aws4_request", "")),
  }],
  ["another service", 400, "AuthorizationHeaderMalformed", {
    tamper: authorization((value) => value.replace("/s3/", "/ec2/")),
  }],
  ["another day", 400, "AuthorizationHeaderMalformed", {
    tamper: authorization((value) => value.replace(/\/\d{8}\//, "/20200101/")),
  }],
  ["a shortened signature", 403, "SignatureDoesNotMatch", {
    tamper: authorization((value) => value.slice(0, -1)),
  }],
  ["another signature", 403, "SignatureDoesNotMatch", {
    tamper: authorization((value) => value.replace(/[0-9a-f]{64}/, "0".repeat(64))),
  }],
  ["two mechanisms", 400, "InvalidArgument", {
    tamper: (request) => ({ ...request, target: `${TARGET}?X-Amz-Signature=0` }),
  }],
];

for (const [name, status, code, forgery] of HEADER_CASES) {
  Deno.test(`refused, cached or not: ${name}`, async () => {
    await withWarmProxy(async (proxy) => {
      const request = signedHeader(proxy, forgery);
      await assertRefused(proxy, request, status, code);
    });
  });
}

async function assertRefused(
  proxy: TestProxy,
  request: TestRequest,
  status: number,
  code: string,
): Promise<Answer> {
  const answer = await proxy.client.send(request);
  assertS3Error(answer, status, code);
  assert.doesNotMatch(answer.text, new RegExp(CLIENT_CREDENTIALS.secretAccessKey.slice(0, 8)));
  assert.equal(answer.header("x-cache"), "BYPASS");
  assert.equal(answer.header("etag"), undefined);
  return answer;
}

/** A presigned target. */
function presigned(proxy: TestProxy, method: string, options: Forgery & { expires?: number }) {
  const { target = TARGET, headers = [], skew = 0, expires = 300 } = options;
  const [path, query = ""] = target.split("?") as [string, string?];
  return `${path}?${
    presign({
      credentials: options.credentials ?? CLIENT_CREDENTIALS,
      region: options.region ?? "us-east-1",
      time: Date.now() + skew,
      expiresSeconds: expires,
      method,
      path,
      query,
      headers: [["host", proxy.client.host], ...headers],
    })
  }`;
}

type QueryCase = readonly [
  name: string,
  status: number,
  code: string,
  forgery: Forgery & { expires?: number; change?: (target: string) => string },
];
const MALFORMED = "AuthorizationQueryParametersError";
const QUERY_CASES: readonly QueryCase[] = [
  ["a wrong secret", 403, "SignatureDoesNotMatch", { credentials: WRONG_SECRET }],
  ["an unknown key", 403, "InvalidAccessKeyId", { credentials: OTHER_KEY }],
  ["another region", 400, MALFORMED, { region: "eu-west-1" }],
  ["an expired URL", 403, "AccessDenied", { skew: -65_000, expires: 60 }],
  ["a URL that is not yet valid", 403, "AccessDenied", { skew: 16 * MINUTE }],
  ["more than a week", 400, MALFORMED, { expires: 604_801 }],
  ["a life of no length", 400, MALFORMED, { expires: 0 }],
  ["a negative life", 400, MALFORMED, { expires: -1 }],
  ["a longer life than signed", 403, "SignatureDoesNotMatch", {
    skew: -65_000,
    expires: 60,
    change: (target) => target.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
  }],
  ["another path", 403, "SignatureDoesNotMatch", {
    target: "/bucket/other",
    change: (target) => target.replace("/bucket/other", TARGET),
  }],
  ["an added parameter", 403, "SignatureDoesNotMatch", {
    change: (target) => `${target}&response-content-type=text/html`,
  }],
  ["an added version", 403, "SignatureDoesNotMatch", {
    change: (target) => target.replace("?", "?versionId=null&"),
  }],
  ["a missing parameter", 400, MALFORMED, {
    change: (target) => target.replace(/&X-Amz-Expires=\d+/, ""),
  }],
  ["a repeated parameter", 400, MALFORMED, { change: (target) => `${target}&X-Amz-Expires=9` }],
  ["a malformed date", 400, MALFORMED, {
    change: (target) => target.replace(/X-Amz-Date=\w+/, "X-Amz-Date=today"),
  }],
  ["another algorithm", 400, MALFORMED, {
    change: (target) => target.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
  }],
  ["an added x-amz-acl", 403, "AccessDenied", {
    method: "PUT",
    tamper: adding(["x-amz-acl", "public-read"]),
  }],
  ["an added x-amz-copy-source", 403, "AccessDenied", {
    method: "PUT",
    tamper: adding(["x-amz-copy-source", "/bucket/other"]),
  }],
  ["an added x-amz-meta", 403, "AccessDenied", {
    method: "PUT",
    tamper: adding(["x-amz-meta-a", "b"]),
  }],
  ["an added checksum mode", 403, "AccessDenied", {
    tamper: adding(["x-amz-checksum-mode", "ENABLED"]),
  }],
  ["a signed field that is not sent", 403, "SignatureDoesNotMatch", {
    headers: [["content-type", "text/plain"]],
    tamper: without("content-type"),
  }],
  ["another method", 403, "SignatureDoesNotMatch", {
    tamper: (request) => ({ ...request, method: "DELETE" }),
  }],
  ["another host", 403, "SignatureDoesNotMatch", { tamper: adding(["host", "other.example"]) }],
  ["a signature of Version 2", 400, "InvalidRequest", {
    change: () =>
      `${TARGET}?AWSAccessKeyId=${CLIENT_CREDENTIALS.accessKeyId}&Signature=c2ln&Expires=9999999999`,
  }],
];

for (const [name, status, code, forgery] of QUERY_CASES) {
  Deno.test(`refused in a presigned URL, cached or not: ${name}`, async () => {
    await withWarmProxy(async (proxy) => {
      const { method = "GET", headers = [], tamper = (request) => request, change } = forgery;
      const target = presigned(proxy, method, forgery);
      const request = { method, target: change?.(target) ?? target, headers, unsigned: true };
      await assertRefused(proxy, tamper(request), status, code);
    });
  });
}

Deno.test("a refused HEAD has the status and no document", async () => {
  await withWarmProxy(async (proxy) => {
    for (const forgery of [{ credentials: WRONG_SECRET }, { tamper: without("authorization") }]) {
      const answer = await proxy.client.send(signedHeader(proxy, { ...forgery, method: "HEAD" }));
      assert.deepEqual([answer.status, answer.body.length], [403, 0]);
      assert.equal(answer.header("etag"), undefined);
    }
  });
});

Deno.test("a mismatch tells what was computed, a skew what time it is", async () => {
  await withWarmProxy(async (proxy) => {
    const mismatch = await proxy.client.send(signedHeader(proxy, { credentials: WRONG_SECRET }));
    for (
      const name of ["AWSAccessKeyId", "StringToSign", "SignatureProvided", "CanonicalRequest"]
    ) {
      assert.ok(element(mismatch.text, name), name);
    }
    const skewed = await proxy.client.send(signedHeader(proxy, { skew: 20 * MINUTE }));
    for (const name of ["RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"]) {
      assert.ok(element(skewed.text, name), name);
    }
  });
});

Deno.test("a clock within 15 minutes is good either way", async () => {
  await withWarmProxy(async (proxy) => {
    for (const skew of [-14 * MINUTE, 14 * MINUTE]) {
      const answer = await proxy.client.send(signedHeader(proxy, { skew }));
      assert.equal(answer.header("x-cache"), "HIT");
      const target = presigned(proxy, "GET", { skew, expires: 3600 });
      assert.equal((await proxy.client.send({ target, unsigned: true })).text, "secret");
    }
  });
});

Deno.test("targets and queries that can't be read are refused", async () => {
  await withWarmProxy(async (proxy) => {
    for (const target of ["/bucket/%", "/bucket/%zz", "/bucket/%4", "/bucket/key?a=%"]) {
      const answer = await proxy.client.send({ target, unsigned: true });
      assert.ok([400, 403].includes(answer.status), `${target}: ${answer.status}`);
      assert.ok(["InvalidURI", "AccessDenied"].includes(element(answer.text, "Code")!), target);
    }
  });
});
