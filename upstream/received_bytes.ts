/**
 * What a connection has brought and nobody has taken yet.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { MalformedAnswer } from "./response_head.ts";

/** What a connection has from the start, in bytes: a head and a body of 64 KiB come in one read. */
const OWN_BYTES = 72 * 1024;

/** Largest head of an answer, in bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

const CR = 0x0d;
const LF = 0x0a;

/** Bytes in the order in which they came. */
export class ReceivedBytes {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(OWN_BYTES);
  #start = 0;
  #end = 0;
  /** Bytes from the start on that are known to hold no end of a head. */
  #searched = 0;

  /** How many there are. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Where the next bytes go: what was taken is given up by this call. */
  room(): Uint8Array<ArrayBuffer> {
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#end === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes.subarray(this.#end);
  }

  /** So many bytes have come into the room. */
  add(count: number): void {
    this.#end += count;
  }

  /** Forgets everything, and memory beyond that of an idle connection. */
  reset(): void {
    if (this.#bytes.length > OWN_BYTES) this.#bytes = new Uint8Array(OWN_BYTES);
    this.#start = this.#end = this.#searched = 0;
  }

  /** Takes up to `most` bytes: a view, good until the next call of `room`. */
  take(most: number): Uint8Array {
    const end = Math.min(this.#end, this.#start + most);
    const view = this.#bytes.subarray(this.#start, end);
    this.#start = end;
    return view;
  }

  /**
   * Takes a line, its end left out; `undefined` if it is not whole yet.
   *
   * @param most Its greatest length in bytes.
   * @throws {MalformedAnswer} if it is longer, or ends in a bare LF.
   */
  takeLine(most: number): string | undefined {
    const at = this.#bytes.subarray(0, this.#end).indexOf(LF, this.#start);
    if ((at < 0 ? this.#end : at) - this.#start > most) throw new MalformedAnswer("a long line");
    if (at < 0) return undefined;
    if (at === this.#start || this.#bytes[at - 1] !== CR) throw new MalformedAnswer("a bare LF");
    const line = this.#text(at - 1);
    this.#start = at + 1;
    return line;
  }

  /**
   * Takes a head, the empty line at its end left out; `undefined` if it is not whole yet.
   *
   * @throws {MalformedAnswer} if it is larger than 64 KiB.
   */
  takeHead(): string | undefined {
    const bytes = this.#bytes;
    let at = bytes.indexOf(CR, this.#start + this.#searched);
    for (; at >= 0 && at + 3 < this.#end; at = bytes.indexOf(CR, at + 1)) {
      if (bytes[at + 1] !== LF || bytes[at + 2] !== CR || bytes[at + 3] !== LF) continue;
      const text = this.#text(at);
      this.#start = at + 4;
      this.#searched = 0;
      return text;
    }
    if (this.length > MAX_HEAD_BYTES) throw new MalformedAnswer("its head is too large");
    this.#searched = Math.max(0, this.length - 3);
    return undefined;
  }

  /** The bytes up to `end`, one character a byte. */
  #text(end: number): string {
    return Buffer.from(this.#bytes.buffer).toString("latin1", this.#start, end);
  }
}
