/**
 * Lines on their way to a stream that somebody reads, or does not: nobody who adds one ever waits.
 *
 * Invariants:
 * - *Waiting* is a word that all isolates share: the characters of lines that were added and are
 *   neither written nor thrown away. Who adds a line raises it, who writes the line lowers it. A
 *   worker that dies leaves what it had not handed over counted as waiting.
 * - A line that would raise it above the bound is dropped, and its loss counted.
 *
 * @module
 */

/** What a queue is made of. */
export interface LineQueueOptions {
  /** One word, the characters that wait. */
  readonly waiting: Int32Array<SharedArrayBuffer>;
  /** The most that may wait. */
  readonly maxWaiting: number;
  /** How long a line waits for others before they are handed over, in milliseconds. */
  readonly delayMs: number;
  /** Takes lines, each with its line break. */
  readonly handOver: (lines: string) => void;
  /** Hears of each line that was dropped. */
  readonly onDrop: () => void;
}

/** A batch is handed over when it is as long, without waiting for its time. */
const BATCH_CHARACTERS = 64 * 1024;

/** Collects lines in one isolate, and hands them over in batches. */
export class LineQueue {
  readonly #options: LineQueueOptions;
  #batch = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Makes a queue. */
  constructor(options: LineQueueOptions) {
    this.#options = options;
  }

  /**
   * Adds a line, or drops it where too many wait.
   *
   * @param line Without its line break.
   */
  add(line: string): void {
    const { waiting, maxWaiting, delayMs, onDrop } = this.#options;
    const length = line.length + 1;
    if (Atomics.load(waiting, 0) + length > maxWaiting) return onDrop();
    Atomics.add(waiting, 0, length);
    this.#batch += `${line}\n`;
    if (this.#batch.length >= BATCH_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), delayMs);
  }

  /** Hands over what there is. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batch === "") return;
    const batch = this.#batch;
    this.#batch = "";
    this.#options.handOver(batch);
  }
}
