/**
 * What every error of S3's looks like.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Answer } from "./_client.ts";

/** The text of an element of a document; `undefined` where it has none. */
export function element(document: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(document)?.[1];
}

/**
 * Holds an answer against the error that it must be: status, code, and the shape of the document
 * that the proxy itself writes.
 */
export function assertS3Error(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, element(answer.text, "Code")], [status, code], answer.text);
  assert.equal(answer.header("content-type"), "application/xml");
  assert.match(answer.text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error>.*<\/Error>$/s);
  assert.notEqual(element(answer.text, "Message") ?? "", "");
  assert.ok(element(answer.text, "Resource")?.startsWith("/"), answer.text);
  assert.equal(element(answer.text, "RequestId"), answer.header("x-amz-request-id"));
  assert.equal(element(answer.text, "HostId"), answer.header("x-amz-id-2"));
}
