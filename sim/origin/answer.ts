/**
 * What the origin answers, before it is bytes.
 *
 * @module
 */
import type { WireError } from "./error.ts";
import { element, type XmlPart } from "./xml.ts";

/** A header field of an answer, its name in the case in which S3 sends it. */
export type AnswerHeader = readonly [name: string, value: string];

/** An answer of the origin. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /**
   * Header fields in the order in which they are sent. A `Content-Length` among them is sent
   * as it stands, also where it is not true; without one the framing says how long the body is.
   */
  readonly headers: readonly AnswerHeader[];
  /** The body; left out of the answer to a HEAD. */
  readonly body: Uint8Array;
  /** How the end of the body is told: S3 sends objects by length and documents in chunks. */
  readonly framing: "length" | "chunked" | "none";
}

const utf8 = new TextEncoder();
const NO_BYTES = new Uint8Array(0);

/**
 * An answer without a body.
 *
 * @param status HTTP status; 204 and 304 go without a length.
 * @param headers Its header fields.
 */
export function emptyAnswer(status: number, headers: readonly AnswerHeader[] = []): Answer {
  const framing = status === 204 || status === 304 ? "none" : "length";
  return { status, headers, body: NO_BYTES, framing };
}

/**
 * An answer that is a document of S3's.
 *
 * @param root The name of the document's root.
 * @param parts What the root holds.
 * @param headers Header fields beside the document's own.
 */
export function xmlAnswer(
  root: string,
  parts: readonly XmlPart[],
  headers: readonly AnswerHeader[] = [],
): Answer {
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  return documentAnswer(200, element(root, parts, { xmlns: namespace }), headers);
}

/**
 * An answer of ready XML.
 *
 * @param status HTTP status.
 * @param xml The document without its declaration.
 * @param headers Header fields beside the document's own.
 */
export function documentAnswer(
  status: number,
  xml: string,
  headers: readonly AnswerHeader[] = [],
): Answer {
  return {
    status,
    headers: [...headers, ["Content-Type", "application/xml"]],
    body: utf8.encode(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`),
    framing: "chunked",
  };
}

/** What every answer names its request by. */
export interface RequestIds {
  /** The request's id. */
  readonly requestId: string;
  /** The id of the host that answered. */
  readonly hostId: string;
}

/**
 * The document that an error is answered with.
 *
 * @param error What went wrong.
 * @param ids What the request is named by.
 */
export function errorAnswer(error: WireError, ids: RequestIds): Answer {
  const parts: XmlPart[] = [["Code", error.code], ["Message", error.message]];
  for (const detail of Object.entries(error.details)) parts.push(detail);
  parts.push(["RequestId", ids.requestId], ["HostId", ids.hostId]);
  return documentAnswer(error.status, element("Error", parts), error.headers);
}

/** An answer's bytes on the wire: its head. */
export function headBytes(answer: Answer): Uint8Array {
  const lines = [`HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? "Status"}`];
  for (const [name, value] of answer.headers) lines.push(`${name}: ${value}`);
  const told = answer.headers.some(([name]) => name.toLowerCase() === "content-length");
  if (answer.framing === "chunked") lines.push("Transfer-Encoding: chunked");
  if (answer.framing === "length" && !told) lines.push(`Content-Length: ${answer.body.length}`);
  const text = lines.join("\r\n") + "\r\n\r\n";
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  411: "Length Required",
  412: "Precondition Failed",
  416: "Requested Range Not Satisfiable",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Slow Down",
};
