/**
 * Waiting for the next request of a connection.
 *
 * @module
 */
import type { ClientWait } from "./client_wait.ts";
import { TOKEN_BYTES } from "./field_names.ts";
import type { Input } from "./input.ts";
import { holdsHead, malformed, MAX_HEAD_BYTES, tooLarge, type WireHead } from "./request_head.ts";
import type { WireServices } from "./services.ts";

const CR = 13;
const LF = 10;

/** Reads the heads of a connection's requests. */
export class HeadReader {
  readonly #input: Input;
  readonly #wait: ClientWait;
  readonly #services: WireServices;
  #idle = false;

  /**
   * @param input What the client sends.
   * @param wait Told when the client is waited for: for the first byte of a head, and from there
   * for the whole of it.
   * @param services What all connections share.
   */
  constructor(input: Input, wait: ClientWait, services: WireServices) {
    this.#input = input;
    this.#wait = wait;
    this.#services = services;
  }

  /** Whether no byte of a next request has come. */
  get idle(): boolean {
    return this.#idle;
  }

  /**
   * The next head; `undefined` if the client sends no other one, or shall not.
   *
   * @throws {S3Error} BadRequest and RequestHeaderSectionTooLarge for what is refused.
   */
  async next(): Promise<WireHead | undefined> {
    const input = this.#input;
    input.shrink();
    this.#wait.begin();
    let searched = 0;
    while (!this.#isWhole(searched)) {
      const { available } = input;
      if (input.ended || (this.#services.draining && available === 0)) return undefined;
      if (searched === 0 && available > 0) this.#wait.begin();
      searched = available;
      this.#idle = available === 0;
      await input.more();
      this.#idle = false;
    }
    this.#wait.end();
    const head = this.#services.parser.parse(input.bytes, input.start);
    input.start += head.size;
    return head;
  }

  /** Whether the buffer holds a whole head, of which some bytes were searched for its end. */
  #isWhole(searched: number): boolean {
    const input = this.#input;
    if (searched === 0) skipEmptyLines(input);
    const { bytes, start, end, available } = input;
    if (available === 0) return false;
    if (TOKEN_BYTES[bytes[start]!] === 0 && bytes[start] !== CR) throw malformed();
    if (holdsHead(bytes, start + Math.max(0, searched - 3), end)) return true;
    if (available >= MAX_HEAD_BYTES) throw tooLarge();
    return false;
  }
}

/** Empty lines before a request line are passed over (RFC 9112, section 2.2). */
function skipEmptyLines(input: Input): void {
  while (input.available > 1) {
    if (input.bytes[input.start] !== CR || input.bytes[input.start + 1] !== LF) return;
    input.start += 2;
  }
}
