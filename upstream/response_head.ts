/**
 * The head of an answer, read from the wire.
 *
 * RFC 9112, sections 4 to 6. Read strictly: where two readers could disagree on where a message
 * ends, it is no answer.
 *
 * @module
 */
import { type HeaderPair, isHopByHop } from "@s3-edge-cache/s3";

/** What an origin sent is no answer of HTTP/1.1. */
export class MalformedAnswer extends Error {
  /** @param fault What is wrong with it. */
  constructor(fault: string) {
    super(`the origin's answer is malformed: ${fault}`);
    this.name = "MalformedAnswer";
  }
}

/** How the end of a body is found. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

/** The head of an answer. */
export interface ResponseHead {
  /** HTTP status. */
  readonly status: number;
  /** End-to-end fields in wire order, names in lower case. */
  readonly headers: readonly HeaderPair[];
  /** How the end of the body is found. */
  readonly framing: Framing;
  /** Whether the connection may carry another exchange. */
  readonly keepAlive: boolean;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN = /[\0\r\n]/;
const LENGTH = /^\d{1,15}$/;

/** Most names whose lower-case spelling is remembered. */
const MOST_NAMES = 512;

const NO_BODY: Framing = { kind: "none" };
const CHUNKED: Framing = { kind: "chunked" };
const UNTIL_CLOSE: Framing = { kind: "until-close" };

/** Reads heads of answers; remembers the names of their fields. */
export class ResponseHeads {
  readonly #names: Map<string, string> = new Map();

  /**
   * Reads a head.
   *
   * @param text Status line and fields, one character a byte, without the empty line at the end.
   * @param method The request's method: an answer to HEAD has no body.
   * @throws {MalformedAnswer} if it is none, or of a status that S3 does not have.
   */
  parse(text: string, method: string): ResponseHead {
    const lines = text.split("\r\n");
    const match = FORBIDDEN.test(lines[0]!) ? null : STATUS_LINE.exec(lines[0]!);
    if (match === null) throw new MalformedAnswer("no status line");
    const status = Number(match[2]);
    if (status === 101 || status === 205 || status > 599) {
      throw new MalformedAnswer(`S3 does not answer with the status ${status}`);
    }
    const pairs: HeaderPair[] = [];
    let connection = "";
    let length: string | undefined;
    let coding: string | undefined;
    for (let i = 1; i < lines.length; i++) {
      const pair = this.#field(lines[i]!);
      pairs.push(pair);
      const [name, value] = pair;
      if (name === "connection") connection = connection === "" ? value : `${connection},${value}`;
      else if (name === "content-length") length = sameLength(length, value);
      else if (name === "transfer-encoding") coding = coding === undefined ? value : "several";
    }
    const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304;
    return {
      status,
      headers: pairs.filter(([name]) => !isHopByHop(name, connection)),
      framing: framing(bodiless, length, coding),
      keepAlive: keepsAlive(match[1] === "1", connection),
    };
  }

  #field(line: string): HeaderPair {
    const colon = line.indexOf(":");
    if (colon < 1 || FORBIDDEN.test(line)) throw new MalformedAnswer("a field that is none");
    return [this.#name(line.slice(0, colon)), trimmed(line, colon + 1)];
  }

  #name(raw: string): string {
    const known = this.#names.get(raw);
    if (known !== undefined) return known;
    if (!TOKEN.test(raw)) throw new MalformedAnswer("a field whose name is none");
    const name = raw.toLowerCase();
    if (this.#names.size < MOST_NAMES) this.#names.set(raw, name);
    return name;
  }
}

/** A line from a place on, without the blanks around it. */
function trimmed(line: string, from: number): string {
  const blank = (at: number) => line.charCodeAt(at) === 0x20 || line.charCodeAt(at) === 0x09;
  let start = from;
  let end = line.length;
  while (start < end && blank(start)) start++;
  while (end > start && blank(end - 1)) end--;
  return line.slice(start, end);
}

function sameLength(known: string | undefined, value: string): string {
  if (!LENGTH.test(value)) throw new MalformedAnswer("a Content-Length that is no length");
  if (known !== undefined && known !== value) throw new MalformedAnswer("two lengths");
  return value;
}

function framing(
  bodiless: boolean,
  length: string | undefined,
  coding: string | undefined,
): Framing {
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") throw new MalformedAnswer("an unknown coding");
    if (length !== undefined) throw new MalformedAnswer("both a length and chunks");
  }
  if (bodiless) return NO_BODY;
  if (coding !== undefined) return CHUNKED;
  return length === undefined ? UNTIL_CLOSE : { kind: "length", length: Number(length) };
}

function keepsAlive(isCurrent: boolean, connection: string): boolean {
  if (connection === "") return isCurrent;
  const options = connection.toLowerCase().split(",").map((option) => option.trim());
  return isCurrent ? !options.includes("close") : options.includes("keep-alive");
}
