/**
 * The head of a request, read as strictly as RFC 9112 allows: whatever two readers might read in
 * two ways is refused, so that no request can be smuggled past another.
 *
 * Refused are a bare CR or LF, NUL and other controls, folded lines, blanks before a colon, a
 * second Host or none, lengths that are no number or more than one, Transfer-Encoding beside
 * Content-Length, codings but `chunked`, and a target that names another host than Host.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import { FieldNames, hashName, TOKEN_BYTES } from "./field_names.ts";

/** Most bytes of a head. */
export const MAX_HEAD_BYTES: number = 64 * 1024;

/** Most fields of a head. */
const MAX_FIELDS = 1000;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
const DELETE = 127;

/** A request's head. */
export interface WireHead {
  /** The method as it came. */
  readonly method: string;
  /** The target in origin-form; anything else that came is left to the pipeline to refuse. */
  readonly target: string;
  /** The minor version: 0 or 1. */
  readonly minor: number;
  /** The fields in wire order, names in lower case, values as Latin-1. */
  readonly pairs: readonly HeaderPair[];
  /** Bytes of the body; `undefined` for one that is sent in chunks. */
  readonly length: number | undefined;
  /** Whether the client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
  /** Whether the client wants to send further requests on this connection. */
  readonly keepAlive: boolean;
  /** Bytes that the head took, its empty line included. */
  readonly size: number;
}

/** What the fields of a head say of its framing, gathered as they are read. */
interface Framing {
  hosts: number;
  host: string;
  length: string | undefined;
  coding: string | undefined;
  connection: string;
  expect: string;
}

/**
 * Whether the empty line that ends a head is among some bytes.
 *
 * @param bytes Hold the beginning of a head.
 * @param from Where to look from: three bytes before those that were not looked at yet.
 * @param end Position after the last byte that is there.
 */
export function holdsHead(bytes: Uint8Array, from: number, end: number): boolean {
  if (isEmptyLine(bytes, end - 4) && end - 4 >= from) return true;
  for (let at = from; at + 3 < end; at++) if (isEmptyLine(bytes, at)) return true;
  return false;
}

/** Whether a line ends at a position, and the next one is empty. */
function isEmptyLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 3] === LF && bytes[at + 2] === CR && bytes[at + 1] === LF && bytes[at] === CR;
}

/** Reads heads; what it learns of field names serves all connections. */
export class HeadParser {
  readonly #names = new FieldNames();
  /** Where the values of the head lie that is being read: begin and end in turns. */
  readonly #bounds = new Int32Array(2 * MAX_FIELDS);
  /** The names of its fields. */
  readonly #fields: string[] = [];
  /** Where it ended. */
  #end = 0;

  /**
   * Reads a head.
   *
   * @param bytes Hold it, its empty line included (`holdsHead`).
   * @param start Position of its first byte.
   * @throws {S3Error} BadRequest for what is no head of HTTP/1.1 or 1.0, or an ambiguous one;
   * RequestHeaderSectionTooLarge for too many fields.
   */
  parse(bytes: Buffer, start: number): WireHead {
    const lineEnd = this.#scanRequestLine(bytes, start);
    const count = this.#scanFields(bytes, lineEnd + 2);
    const valuesEnd = count === 0 ? lineEnd : this.#bounds[2 * count - 1]!;
    const text = bytes.toString("latin1", start, valuesEnd);
    const line = text.slice(0, lineEnd - start).split(" ");
    const [method, target, version] = line as [string, string, string];
    if (line.length !== 3 || method === "" || target === "") throw malformed();
    if (version !== "HTTP/1.1" && version !== "HTTP/1.0") throw malformed();
    const pairs: HeaderPair[] = new Array(count);
    const framing: Framing = {
      hosts: 0,
      host: "",
      length: undefined,
      coding: undefined,
      connection: "",
      expect: "",
    };
    for (let i = 0; i < count; i++) {
      const name = this.#fields[i]!;
      const value = text.slice(this.#bounds[2 * i]! - start, this.#bounds[2 * i + 1]! - start);
      pairs[i] = [name, value];
      note(framing, name, value);
    }
    const minor = version === "HTTP/1.1" ? 1 : 0;
    return concluded(framing, { method, target, minor, pairs, size: this.#end - start });
  }

  /** Position of the CR that ends the request line. */
  #scanRequestLine(bytes: Buffer, start: number): number {
    let at = start;
    while (TOKEN_BYTES[bytes[at]!] !== 0) at++;
    if (bytes[at] !== SPACE) throw malformed();
    while (bytes[at]! >= SPACE && bytes[at] !== DELETE) at++;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) throw malformed();
    return at;
  }

  /** Reads the field lines and the empty one; gives their number. */
  #scanFields(bytes: Buffer, start: number): number {
    let count = 0;
    let at = start;
    while (bytes[at] !== CR) {
      if (count === MAX_FIELDS) throw tooLarge();
      const nameStart = at;
      let hash = 0;
      for (let byte = 0; (byte = TOKEN_BYTES[bytes[at]!]!) !== 0; at++) hash = hashName(hash, byte);
      if (bytes[at] !== COLON || at === nameStart) throw malformed();
      this.#fields[count] = this.#names.nameOf(bytes, nameStart, at, hash);
      at++;
      while (isBlank(bytes[at]!)) at++;
      let valueEnd = at;
      this.#bounds[2 * count] = at;
      for (let byte = bytes[at]!; byte >= SPACE || byte === TAB; byte = bytes[++at]!) {
        if (byte === DELETE) throw malformed();
        if (byte > SPACE) valueEnd = at + 1;
      }
      if (bytes[at] !== CR || bytes[at + 1] !== LF) throw malformed();
      this.#bounds[2 * count + 1] = valueEnd;
      at += 2;
      count++;
    }
    if (bytes[at + 1] !== LF) throw malformed();
    this.#end = at + 2;
    return count;
  }
}

/** The error for what is no request, or could be read in two ways. */
export function malformed(): S3Error {
  return new S3Error("BadRequest");
}

/** The error for a head beyond its bounds. */
export function tooLarge(): S3Error {
  return new S3Error("RequestHeaderSectionTooLarge", {
    details: { MaxSizeAllowed: String(MAX_HEAD_BYTES) },
  });
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function note(framing: Framing, name: string, value: string): void {
  switch (name) {
    case "host":
      framing.hosts++;
      framing.host = value;
      break;
    case "content-length":
      if (framing.length !== undefined) throw malformed();
      framing.length = value;
      break;
    case "transfer-encoding":
      if (framing.coding !== undefined) throw malformed();
      framing.coding = value;
      break;
    case "connection":
      framing.connection += `,${value}`;
      break;
    case "expect":
      framing.expect = value;
  }
}

type Beginning = Pick<WireHead, "method" | "target" | "minor" | "pairs" | "size">;

function concluded(framing: Framing, head: Beginning): WireHead {
  const { hosts, host, connection, expect } = framing;
  const { method, target, minor, size } = head;
  if (hosts > 1 || (hosts === 0 && minor === 1) || method === "CONNECT") throw malformed();
  return {
    method,
    target: target.charCodeAt(0) === 47 ? target : originForm(target, host),
    minor,
    pairs: hosts === 1 ? head.pairs : [...head.pairs, ["host", ""]],
    length: bodyLength(framing, minor),
    expectsContinue: minor === 1 && expect !== "" && expect.toLowerCase() === "100-continue",
    keepAlive: connection === ""
      ? minor === 1
      : (minor === 1 ? !hasOption(connection, "close") : hasOption(connection, "keep-alive")),
    size,
  };
}

function hasOption(connection: string, option: string): boolean {
  return connection.toLowerCase().split(",").some((one) => one.trim() === option);
}

/** The length of the body, 0 for none; `undefined` where it is sent in chunks. */
function bodyLength({ length, coding }: Framing, minor: number): number | undefined {
  if (coding !== undefined) {
    if (length !== undefined || minor === 0 || coding.toLowerCase() !== "chunked") {
      throw malformed();
    }
    return undefined;
  }
  if (length === undefined) return 0;
  if (!/^\d{1,15}$/.test(length)) throw malformed();
  return Number(length);
}

/**
 * The path and query of a target in absolute-form. One that names another host than Host is
 * refused: one of the two would be believed here and the other elsewhere.
 */
function originForm(target: string, host: string): string {
  const match = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
  if (match === null) return target;
  const [, authority, rest] = match as unknown as [string, string, string];
  if (authority.toLowerCase() !== host.toLowerCase()) throw malformed();
  return rest.startsWith("/") ? rest : `/${rest}`;
}
