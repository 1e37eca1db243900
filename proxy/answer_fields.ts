/**
 * What every front does to an answer before it is sent, and to a Host before it is believed.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import { cacheStatusFields } from "./cache_status.ts";
import type { RawResponse } from "./request.ts";
import { hostId } from "./request_id.ts";

/** What a Host field may hold (RFC 3986, section 3.2.2): nothing that could end an authority. */
const HOST = /^[A-Za-z0-9.\-_~!$&'()*+,;=%:[\]]*$/;

/** Whether a Host is none that could be mistaken for a part of a path. */
export function isHost(host: string): boolean {
  return HOST.test(host);
}

/**
 * The fields of an answer with those that are the proxy's own, in wire order; `date` and those
 * of the connection are the front's. An error of the origin's keeps the ids that it came with.
 *
 * @param response The answer.
 * @param id The id of its request.
 */
export function answerFields(response: RawResponse, id: string): HeaderPair[] {
  const fields: HeaderPair[] = [];
  if (answerId(response, id) === id) {
    fields.push(["x-amz-request-id", id], ["x-amz-id-2", hostId(id)]);
  }
  for (const field of response.headers) fields.push(field);
  for (const field of cacheStatusFields(response.outcome)) fields.push(field);
  return fields;
}

/**
 * The id that an answer bears: that of its request, or the origin's for an error of the origin's,
 * whose document says it too.
 *
 * @param answer The answer.
 * @param id The id of its request.
 */
export function answerId(
  { status, headers }: Pick<RawResponse, "status" | "headers">,
  id: string,
): string {
  if (status < 300) return id;
  return headers.find(([name]) => name === "x-amz-request-id")?.[1] ?? id;
}
