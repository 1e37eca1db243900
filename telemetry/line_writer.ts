/**
 * Writes lines to a stream, in one isolate for all, so that none is cut in two.
 *
 * @module
 */

/** Takes bytes; says how many it took. */
export interface ByteSink {
  /** Takes some of the bytes, at least one. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Writes what queues hand over. Whoever hands something over never waits. */
export class LineWriter {
  readonly #sink: ByteSink;
  readonly #waiting: Int32Array<SharedArrayBuffer>;
  readonly #onError: (error: unknown) => void;
  #written: Promise<void> = Promise.resolve();
  #isBroken = false;

  /**
   * Makes a writer.
   *
   * @param sink Where lines go.
   * @param waiting One word, the characters that wait; see `LineQueue`.
   * @param onError Hears once that the sink takes nothing more: from then on lines are thrown away.
   */
  constructor(
    sink: ByteSink,
    waiting: Int32Array<SharedArrayBuffer>,
    onError: (error: unknown) => void,
  ) {
    this.#sink = sink;
    this.#waiting = waiting;
    this.#onError = onError;
  }

  /** Writes lines after those that were handed over before. */
  write(lines: string): void {
    this.#written = this.#written.then(() => this.#writeAll(lines));
  }

  /** Waits until all is written that was handed over, at most for a time, in milliseconds. */
  async flush(limitMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, limitMs);
    await Promise.race([this.#written, late.promise]);
    clearTimeout(timer);
  }

  async #writeAll(lines: string): Promise<void> {
    try {
      let rest = this.#isBroken ? new Uint8Array() : new TextEncoder().encode(lines);
      while (rest.length > 0) rest = rest.subarray(await this.#sink.write(rest));
    } catch (error) {
      this.#isBroken = true;
      this.#onError(error);
    }
    Atomics.sub(this.#waiting, 0, lines.length);
  }
}
