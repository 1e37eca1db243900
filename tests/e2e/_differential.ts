/**
 * The differential check on a real S3 server: through the proxy, cold and warm, an answer is
 * what it is directly, to the message of an error.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "../_client.ts";
import type { Fixture } from "./_fixture.ts";

/** Fields in which answers may differ: those of the connection, and those that are the proxy's. */
const FREE_FIELDS: ReadonlySet<string> = new Set([
  "age",
  "cache-status",
  "connection",
  "date",
  "keep-alive",
  "transfer-encoding",
  "x-amz-id-2",
  "x-amz-request-id",
  "x-cache",
]);

/** Ids inside an error document. */
const ERROR_IDS = /<(RequestId|HostId)>[^<]*<\/\1>/g;

/** Answers to a range or condition that the cache words itself. */
const OWN_STATUSES: ReadonlySet<number> = new Set([304, 412, 416]);

/** What of an answer is to agree. */
export interface Comparable {
  readonly status: number;
  /** In alphabetical order. */
  readonly headers: readonly HeaderPair[];
  /** One character a byte. */
  readonly body: string;
}

/** Changes what may differ between two answers into what they share. */
export type Mask = (answer: Comparable) => Comparable;

/**
 * What of an answer is to agree. In an error document the ids are free, and with them the
 * Content-Length, which has to fit its own body then.
 */
export function comparable(answer: Answer): Comparable {
  const text = new TextDecoder("latin1").decode(answer.body);
  const body = text.includes("<Error>") ? text.replace(ERROR_IDS, "<$1/>") : text;
  const headers = answer.headers.filter(([name]) => !FREE_FIELDS.has(name)).toSorted(byField);
  if (body === text) return { status: answer.status, headers, body };
  const length = answer.header("content-length");
  if (length !== undefined) assert.equal(Number(length), answer.body.length);
  const others = headers.filter(([name]) => name !== "content-length");
  return { status: answer.status, headers: others, body };
}

/**
 * Holds an answer through the proxy against the direct one.
 *
 * @param proxied What the proxy answered.
 * @param direct What the origin answered.
 * @param what Shown where they differ.
 * @param mask What may differ beside.
 */
export function assertSameAnswer(
  proxied: Answer,
  direct: Answer,
  what: string,
  mask: Mask = (answer) => answer,
): void {
  const own = proxied.header("x-cache") === "HIT" && OWN_STATUSES.has(proxied.status);
  assertSame(proxied, direct, what, own ? statusAndCode : mask);
}

function assertSame(proxied: Answer, direct: Answer, what: string, mask: Mask): void {
  const seen = mask(comparable(proxied));
  const truth = mask(comparable(direct));
  try {
    assert.deepEqual(seen, truth);
  } catch (error) {
    const difference = error instanceof Error ? error.message : `${error}`;
    throw new assert.AssertionError({ message: `${what}: proxy (+), origin (-)\n${difference}` });
  }
}

/**
 * Sends a request that changes nothing: through the proxy, again after its object has been read
 * whole, and directly.
 *
 * @param fixture The servers.
 * @param request The request; nothing of its object is in the cache yet.
 * @param what Shown where the answers differ.
 * @returns The warm answer.
 */
export async function assertTransparent(
  { client, direct }: Fixture,
  request: TestRequest,
  what: string,
): Promise<Answer> {
  const cold = await client.send(request);
  const [path] = request.target.split("?");
  if (path!.split("/").length > 2) await client.get(path!);
  const warm = await client.send(request);
  const truth = await direct.send(request);
  assertSameAnswer(cold, truth, `${what}, cold`);
  assertSameAnswer(warm, truth, `${what}, warm`);
  return warm;
}

/**
 * What is left to agree of an answer that the cache words itself: versitygw's 304 lacks the
 * fields that it should have, and its error documents say less than Amazon's.
 */
function statusAndCode({ status, body }: Comparable): Comparable {
  return { status, headers: [], body: /<Code>[^<]*/.exec(body)?.[0] ?? "" };
}

function byField([name, value]: HeaderPair, [other, otherValue]: HeaderPair): number {
  if (name !== other) return name < other ? -1 : 1;
  return value < otherValue ? -1 : Number(value > otherValue);
}
