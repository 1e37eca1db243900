/**
 * What the proxy writes: the access log on stdout, the event log on stderr. The supervisor alone
 * writes, workers hand their lines over; and nobody waits for a reader.
 *
 * @module
 */
import { type ByteSink, LineQueue, LineWriter } from "@s3-edge-cache/telemetry";

/** The streams, in the order of their words in the shared memory. */
const STREAMS = ["access", "events"] as const;

/** One of the two streams. */
export type OutputStream = (typeof STREAMS)[number];

/** Takes lines of a stream, each with its line break. */
export type HandOver = (stream: OutputStream, lines: string) => void;

/** The most characters that wait to be written. */
const MOST_WAITING: Readonly<Record<OutputStream, number>> = {
  access: 8 * 1024 * 1024,
  events: 1024 * 1024,
};

/** How long a line waits for others, in milliseconds. */
const DELAY_MS: Readonly<Record<OutputStream, number>> = { access: 50, events: 0 };

/** How long the end of the proxy waits for readers, in milliseconds. */
const FLUSH_MS = 1_000;

/** Makes what queues and writers of all isolates share: how much waits in each stream. */
export function createOutputMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(STREAMS.length * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The queues of one isolate.
 *
 * @param memory What `createOutputMemory` made.
 * @param handOver Takes lines.
 * @param onDrop Hears of each line that found its stream full.
 */
export function createQueues(
  memory: SharedArrayBuffer,
  handOver: HandOver,
  onDrop: (stream: OutputStream) => void,
): Readonly<Record<OutputStream, LineQueue>> {
  const queue = (stream: OutputStream) =>
    new LineQueue({
      waiting: waitingWord(memory, stream),
      maxWaiting: MOST_WAITING[stream],
      delayMs: DELAY_MS[stream],
      handOver: (lines) => handOver(stream, lines),
      onDrop: () => onDrop(stream),
    });
  return { access: queue("access"), events: queue("events") };
}

/** The writers of both streams. */
export class Output {
  readonly #writers: Readonly<Record<OutputStream, LineWriter>>;

  /**
   * Makes the writers.
   *
   * @param memory What `createOutputMemory` made.
   * @param sinks Where the streams go.
   * @param onError Hears that a stream is broken; its lines are thrown away from then on.
   */
  constructor(
    memory: SharedArrayBuffer,
    sinks: Readonly<Record<OutputStream, ByteSink>>,
    onError: (stream: OutputStream, error: unknown) => void,
  ) {
    const writer = (stream: OutputStream) =>
      new LineWriter(
        sinks[stream],
        waitingWord(memory, stream),
        (error) => onError(stream, error),
      );
    this.#writers = { access: writer("access"), events: writer("events") };
  }

  /** Writes lines after those that were handed over before. */
  handOver(stream: OutputStream, lines: string): void {
    this.#writers[stream].write(lines);
  }

  /** Waits until all is written, or its reader has had its time. */
  async flush(): Promise<void> {
    await Promise.all(STREAMS.map((stream) => this.#writers[stream].flush(FLUSH_MS)));
  }
}

function waitingWord(
  memory: SharedArrayBuffer,
  stream: OutputStream,
): Int32Array<SharedArrayBuffer> {
  return new Int32Array(memory, STREAMS.indexOf(stream) * Int32Array.BYTES_PER_ELEMENT, 1);
}
