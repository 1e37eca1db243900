/**
 * The framing of a body that is sent in chunks (RFC 9112, section 7.1), read strictly and within
 * bounds. Extensions and trailer fields are passed over.
 *
 * @module
 */
import { malformed } from "./request_head.ts";

/** Most hexadecimal digits of a chunk's size: more could not be counted. */
const MAX_DIGITS = 13;

/** Most bytes of all extensions and of all trailer fields of a body together. */
const MAX_ASIDE_BYTES = 16 * 1024;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const SEMICOLON = 59;
const DELETE = 127;

/** What the next byte is. */
type State =
  | "size"
  | "extension"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailer-start"
  | "trailer"
  | "trailer-lf"
  | "end-lf"
  | "end";

/** Decodes one body; told of its bytes as they come, cut anywhere. */
export class ChunkedDecoder {
  #state: State = "size";
  #digits = 0;
  #size = 0;
  #aside = 0;

  /** Whether the whole body, its trailer included, has been read. */
  get ended(): boolean {
    return this.#state === "end";
  }

  /** Bytes of the current chunk's data that are still to come; 0 outside of data. */
  get dataLeft(): number {
    return this.#state === "data" ? this.#size : 0;
  }

  /**
   * Reads framing, up to data or the body's end.
   *
   * @param bytes Hold what came.
   * @param start Position of the first byte that was not read yet.
   * @param end Position after the last byte that is there.
   * @returns Position after what was read.
   * @throws {S3Error} BadRequest for what is no chunked body, or goes beyond its bounds.
   */
  readFraming(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state !== "data" && this.#state !== "end") this.#step(bytes[at++]!);
    return at;
  }

  /** Is told that bytes of data were taken, at most `dataLeft`. */
  tookData(count: number): void {
    this.#size -= count;
    if (this.#size === 0) this.#state = "data-cr";
  }

  #step(byte: number): void {
    switch (this.#state) {
      case "size":
        return this.#readSize(byte);
      case "extension":
        this.#state = this.#readAside(byte, "size-lf") ?? "extension";
        return;
      case "size-lf":
        this.#state = expected(byte, LF, this.#size === 0 ? "trailer-start" : "data");
        return;
      case "data-cr":
        this.#state = expected(byte, CR, "data-lf");
        return;
      case "data-lf":
        this.#state = expected(byte, LF, "size");
        this.#digits = 0;
        return;
      case "trailer-start":
        this.#state = byte === CR ? "end-lf" : this.#readAside(byte, "trailer-lf") ?? "trailer";
        return;
      case "trailer":
        this.#state = this.#readAside(byte, "trailer-lf") ?? "trailer";
        return;
      case "trailer-lf":
        this.#state = expected(byte, LF, "trailer-start");
        return;
      case "end-lf":
        this.#state = expected(byte, LF, "end");
    }
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > MAX_DIGITS) throw malformed();
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw malformed();
    if (byte === CR) this.#state = "size-lf";
    else if (byte === SEMICOLON) this.#state = this.#readAside(byte, "size-lf") ?? "extension";
    else throw malformed();
  }

  /** A byte of an extension or a trailer field; gives the state after the CR that ends it. */
  #readAside(byte: number, after: State): State | undefined {
    if (byte === CR) return after;
    if (++this.#aside > MAX_ASIDE_BYTES) throw malformed();
    if ((byte < SPACE && byte !== TAB) || byte === DELETE) throw malformed();
    return undefined;
  }
}

function expected(byte: number, wanted: number, next: State): State {
  if (byte !== wanted) throw malformed();
  return next;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
