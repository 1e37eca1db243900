/**
 * When an answer through the proxy is the same as the origin's own: one comparison for every
 * origin, and all that may differ, each with its reason. `docs/differences.md` is made from it.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer } from "./_client.ts";

/** Fields in which answers may differ, and why. */
export const FREE_FIELDS: Readonly<Record<string, string>> = {
  "age": "the proxy tells how old an entry is",
  "cache-status": "the proxy tells how the cache took part",
  "connection": "belongs to one connection",
  "date": "the time of this answer",
  "keep-alive": "belongs to one connection",
  "server": "names who wrote the answer; the proxy's own refusals have none",
  "transfer-encoding": "belongs to one connection",
  "x-amz-id-2": "names the request at the proxy",
  "x-amz-request-id": "names the request at the proxy",
  "x-cache": "the proxy tells how the cache took part",
};

/** Elements of an error document in which answers may differ, and why. */
export const FREE_ELEMENTS: Readonly<Record<string, string>> = {
  "HostId": "names the request at the proxy",
  "RequestId": "names the request at the proxy",
  "Resource": "S3 gives it at its discretion; the proxy always does",
  "ServerTime": "the time of this answer",
};

const ELEMENTS = new RegExp(`<(${Object.keys(FREE_ELEMENTS).join("|")})>[^<]*</\\1>`, "g");

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
 * What of an answer is to agree. The length of an error document is free, for its elements are;
 * where it is told it has to be right.
 */
export function comparable(answer: Answer): Comparable {
  const text = new TextDecoder("latin1").decode(answer.body);
  const fields = answer.headers.filter(([name]) => !(name in FREE_FIELDS)).toSorted(byField);
  if (!text.includes("<Error>")) return { status: answer.status, headers: fields, body: text };
  const length = answer.header("content-length");
  if (length !== undefined) assert.equal(Number(length), answer.body.length);
  const headers = fields.filter(([name]) => name !== "content-length");
  return { status: answer.status, headers, body: text.replace(ELEMENTS, "") };
}

/**
 * Holds an answer through the proxy against the origin's own.
 *
 * @param proxied What the proxy answered.
 * @param direct What the origin answered.
 * @param what Shown where they differ.
 * @param mask What may differ beside.
 * @throws {AssertionError} if status, an end-to-end field or the body differ.
 */
export function assertAgree(
  proxied: Answer,
  direct: Answer,
  what: string,
  mask: Mask = (answer) => answer,
): void {
  try {
    assert.deepEqual(mask(comparable(proxied)), mask(comparable(direct)));
  } catch (error) {
    const difference = error instanceof Error ? error.message : `${error}`;
    throw new assert.AssertionError({ message: `${what}: proxy (+), origin (-)\n${difference}` });
  }
}

function byField([name, value]: HeaderPair, [other, otherValue]: HeaderPair): number {
  if (name !== other) return name < other ? -1 : 1;
  return value < otherValue ? -1 : Number(value > otherValue);
}
