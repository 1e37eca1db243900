/**
 * The head of an answer as it is sent: the one place where it becomes text.
 *
 * @module
 */
import { answerFields } from "../answer_fields.ts";
import type { RawResponse } from "../request.ts";
import { REASON_PHRASES } from "./reason_phrases.ts";

/** How a client knows where the body of an answer ends. */
export type Framing =
  /** There is none. */
  | "none"
  /** By Content-Length. */
  | "length"
  /** By a last chunk. */
  | "chunked"
  /** By the end of the connection, for clients that speak HTTP/1.0. */
  | "close";

/** What an answer's head depends on beside the answer. */
export interface AnswerContext {
  /** The request's method; that of an answer to no request is GET. */
  readonly method: string;
  /** The minor version that the client speaks. */
  readonly minor: number;
  /** The request's id. */
  readonly id: string;
  /** Whether the connection could serve another request. */
  readonly keepAlive: boolean;
  /** The value of Date. */
  readonly date: string;
}

/** A head that is ready to be sent. */
export interface AnswerHead {
  /** Its text, each character a byte, the empty line included. */
  readonly text: string;
  /** How its body ends. */
  readonly framing: Framing;
  /** Bytes of a body whose end is told by length. */
  readonly length: number;
  /** Whether the connection serves another request. */
  readonly keepAlive: boolean;
}

/**
 * The head of an answer.
 *
 * A Content-Length of the pipeline's is kept where there is a body or the request was HEAD. The
 * pipeline asks for the connection's end with `connection: close`.
 *
 * @throws {Error} for a field with a line break or NUL in it: sent, it would be another field.
 */
export function answerHead(response: RawResponse, context: AnswerContext): AnswerHead {
  const { status, body } = response;
  const { method, minor, id } = context;
  let { keepAlive } = context;
  let announced: string | undefined;
  let text = statusLine(status, minor);
  for (const [name, value] of answerFields(response, id)) {
    if (name === "content-length") announced = value;
    else if (name === "connection") keepAlive &&= value !== "close";
    else text += fieldLine(name, value);
  }
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  const length = bodiless || body === null ? 0 : bodyLength(body, announced);
  if (!bodiless && length !== undefined) text += `content-length: ${length}\r\n`;
  else if (bodiless && status !== 204 && announced !== undefined) {
    text += fieldLine("content-length", announced);
  }
  const framing = bodiless
    ? "none"
    : length !== undefined
    ? "length"
    : minor === 1
    ? "chunked"
    : "close";
  if (framing === "chunked") text += "transfer-encoding: chunked\r\n";
  if (framing === "close") keepAlive = false;
  text += `date: ${context.date}\r\n`;
  if (!keepAlive && minor === 1) text += "connection: close\r\n";
  if (keepAlive && minor === 0) text += "connection: keep-alive\r\n";
  return { text: `${text}\r\n`, framing, length: length ?? 0, keepAlive };
}

function statusLine(status: number, minor: number): string {
  return `HTTP/1.${minor} ${status} ${REASON_PHRASES.get(status) ?? ""}\r\n`;
}

function fieldLine(name: string, value: string): string {
  if (/[\0\r\n]/.test(value)) throw new Error(`the field ${name} of an answer has a line break`);
  return `${name}: ${value}\r\n`;
}

function bodyLength(
  body: NonNullable<RawResponse["body"]>,
  announced: string | undefined,
): number | undefined {
  if (announced !== undefined) return Number(announced);
  return body instanceof Uint8Array ? body.length : undefined;
}
