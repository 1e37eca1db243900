/**
 * The same request thrice: straight to the origin, through a proxy that holds nothing, and
 * through a proxy that holds its object. The three answers must agree.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "./_client.ts";
import type { TestProxy } from "./_proxy.ts";

/** The three answers. */
export interface Comparison {
  readonly direct: Answer;
  readonly cold: Answer;
  readonly warm: Answer;
}

/** Fields that belong to a server or a connection and not to the answer. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "age",
  "cache-status",
  "connection",
  "date",
  "keep-alive",
  "server",
  "transfer-encoding",
  "x-amz-id-2",
  "x-amz-request-id",
  "x-cache",
]);

/**
 * Sends a request that changes nothing, and compares the answers.
 *
 * @throws {AssertionError} if status, an end-to-end field or the body differ.
 */
export async function differential(proxy: TestProxy, request: TestRequest): Promise<Comparison> {
  const direct = await proxy.direct.send(request);
  await forget(proxy);
  const cold = await proxy.client.send(request);
  if (isRead(request)) await proxy.client.send(wholeObject(request));
  const warm = await proxy.client.send(request);
  const name = `${request.method ?? "GET"} ${request.target}`;
  assertAgree(cold, direct, `${name}, cold`);
  assertAgree(warm, direct, `${name}, warm`);
  return { direct, cold, warm };
}

/** Drops every entry. */
export async function forget({ cache }: TestProxy): Promise<void> {
  const write = await cache.beginWrite({ prefix: "" });
  await write.end();
}

/**
 * Compares two answers to one request.
 *
 * @throws {AssertionError} if status, an end-to-end field or the body differ.
 */
export function assertAgree(answer: Answer, expected: Answer, name: string): void {
  const seen = comparable(answer);
  const wanted = comparable(expected);
  assert.deepEqual(
    { status: answer.status, fields: seen.fields, text: seen.text },
    { status: expected.status, fields: wanted.fields, text: wanted.text },
    `${name}: ${JSON.stringify({ seen, wanted })}`,
  );
  if (!isErrorDocument(answer)) assert.deepEqual(answer.body, expected.body, name);
}

function isRead({ method = "GET" }: TestRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** A request that brings the whole object of a read into the cache. */
function wholeObject({ target, headers = [] }: TestRequest): TestRequest {
  const kept = headers.filter(([name]) => name === "host" || name === "x-amz-checksum-mode");
  return { target, headers: kept };
}

/**
 * What of an answer is the same from any server; the document of an error as text. S3 sends
 * these documents in chunks: their length is no part of the answer.
 */
function comparable(answer: Answer): { fields: HeaderPair[]; text: string | undefined } {
  const document = isErrorDocument(answer);
  const fields = answer.headers.filter(([name]) =>
    !OWN_FIELDS.has(name) && !(document && name === "content-length")
  );
  return {
    fields: fields.toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0),
    text: document ? withoutIds(answer.text) : undefined,
  };
}

function isErrorDocument({ status, body }: Answer): boolean {
  return status >= 400 && body.length > 0;
}

/** An error document less the elements that S3 gives at its discretion or anew each time. */
function withoutIds(document: string): string {
  return document.replace(/<(RequestId|HostId|Resource|ServerTime)>[^<]*<\/\1>/g, "");
}
