/**
 * The head of a request, read as strictly as RFC 9112 allows.
 *
 * @module
 */
import { HeaderList, type HeaderPair, type RequestHead } from "@s3-edge-cache/s3";
import { OriginError } from "./error.ts";

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TARGET = /^[\x21-\x7e\x80-\xff]+$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** How the length of a request's body is told. */
export type BodyLength =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" };

/** A request's head and what HTTP says in it. */
export interface WireHead extends RequestHead {
  /** The head as it came, a Latin-1 byte string without the empty line. */
  readonly raw: string;
  /** How the body ends. */
  readonly length: BodyLength;
  /** Whether the connection ends with this request. */
  readonly close: boolean;
  /** Whether the client waits for `100 Continue`. */
  readonly expectsContinue: boolean;
}

/**
 * Reads a head.
 *
 * @param raw The lines before the empty one, joined by CR LF.
 * @throws {OriginError} BadRequest for anything that RFC 9112 does not allow, or allows two
 * readings of: folded lines, blanks around a name, both or several lengths.
 */
export function parseRequestHead(raw: string): WireHead {
  const lines = raw.split("\r\n");
  const [method, target, version, ...more] = lines[0]!.split(" ");
  if (
    method === undefined || target === undefined || more.length > 0 || !METHOD.test(method) ||
    !TARGET.test(target) || (version !== "HTTP/1.1" && version !== "HTTP/1.0")
  ) {
    throw new OriginError("BadRequest");
  }
  const headers = new HeaderList(lines.slice(1).map(parseField));
  if (headers.pairs.filter(([name]) => name === "host").length !== 1) {
    throw new OriginError("BadRequest");
  }
  const connection = (headers.get("connection") ?? "").toLowerCase().split(",");
  return {
    method,
    target,
    headers,
    raw,
    length: bodyLength(headers),
    close: version === "HTTP/1.0" || connection.some((option) => option.trim() === "close"),
    expectsContinue: headers.get("expect")?.toLowerCase() === "100-continue",
  };
}

function parseField(line: string): HeaderPair {
  const match = FIELD.exec(line);
  if (match === null || !VALUE.test(match[2]!)) throw new OriginError("BadRequest");
  return [match[1]!.toLowerCase(), match[2]!];
}

function bodyLength(headers: HeaderList): BodyLength {
  const length = headers.get("content-length");
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) {
    if (length !== undefined) throw new OriginError("BadRequest");
    if (coding.toLowerCase() !== "chunked") throw new OriginError("NotImplemented");
    return { kind: "chunked" };
  }
  if (length === undefined) return { kind: "none" };
  if (!/^\d{1,15}$/.test(length)) throw new OriginError("BadRequest");
  return { kind: "length", bytes: Number(length) };
}
