/**
 * A worker as its supervisor sees it.
 *
 * @module
 */
import { type ResourceLimits, Worker } from "node:worker_threads";
import type { CacheMemory } from "@s3-edge-cache/cache";
import type { Question, Recollection } from "./journal.ts";
import type { HandOver } from "./output.ts";
import type { RequestWorkerOptions } from "./request_worker.ts";
import { LOOK_MS, PulseWatch } from "./pulse.ts";
import type { WorkerOrder, WorkerReport } from "./worker_message.ts";

/** A thread that was told to end may still be at it: how long it is given, in milliseconds. */
const LAST_BREATH_MS = 1_000;

/**
 * Memory of a worker's JavaScript. A small young generation keeps garbage from piling up: V8's own
 * bound is 96 MiB an isolate. Past the other bound a worker is sick and ends, and nobody with it.
 */
const HEAP: ResourceLimits = { maxYoungGenerationSizeMb: 36, maxOldGenerationSizeMb: 512 };

/** A worker whose turn does not end. No Deno ends its thread, whoever asks. */
export class WorkerHangs extends Error {}

/** A thread with a request worker in it. */
export class WorkerThread {
  /**
   * Rejected when the worker has died, and not before it runs no more; or with
   * {@linkcode WorkerHangs}.
   */
  readonly died: Promise<never>;
  readonly #worker: Worker;
  readonly #pulse: Int32Array<SharedArrayBuffer>;
  readonly #number: number;
  readonly #reports: Map<WorkerReport["kind"], (report: WorkerReport) => void> = new Map();
  /** Questions are asked one after the other. */
  #asked: Promise<unknown> = Promise.resolve();
  #watch: ReturnType<typeof setInterval> | undefined;
  readonly #reject: (error: Error) => void;
  readonly #listening: Promise<void>;
  #ended = false;

  /**
   * Starts a thread.
   *
   * @param module What runs in it.
   * @param options What the worker is told.
   * @param pulse A word for each worker.
   * @param handOver Takes the lines that the worker logs.
   */
  constructor(
    module: URL,
    options: RequestWorkerOptions,
    pulse: SharedArrayBuffer,
    handOver: HandOver,
  ) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.died = promise;
    this.#reject = reject;
    this.#number = options.number;
    this.#pulse = new Int32Array(pulse);
    this.#worker = new Worker(module, { resourceLimits: HEAP });
    this.#worker.on("message", (report: WorkerReport) => {
      if (report.kind === "lines") handOver(report.stream, report.lines);
      else this.#reports.get(report.kind)?.(report);
    });
    this.#worker.on("error", (error: Error) => this.#die(error));
    this.#worker.on("exit", () => this.#die(new Error("the worker has ended")));
    this.#listening = this.#reported("ready").then(() => {
      this.#order({ kind: "start", options, pulse });
      return this.#reported("listening");
    }).then(() => this.#watchPulse());
    this.#listening.catch(() => {});
  }

  /** Settles when the worker listens. */
  listening(): Promise<void> {
    return this.#listening;
  }

  /** Has the worker go over to another memory. */
  async adopt(memory: CacheMemory): Promise<void> {
    await this.#listening;
    this.#order({ kind: "adopt", memory });
    await this.#reported("adopted");
  }

  /** Has the worker tell of its latest requests; rejected if it dies before. */
  recollect(question: Question): Promise<Recollection> {
    const answer = this.#asked.then(async () => {
      await this.#listening;
      this.#order({ kind: "recollect", question });
      return (await this.#reported("recollected")).recollection;
    });
    this.#asked = answer.catch(() => {});
    return answer;
  }

  /** Has the worker come to its end, and ends the thread. */
  async drain(): Promise<void> {
    try {
      await this.#listening;
      this.#order({ kind: "drain" });
      await this.#reported("drained");
    } catch {
      // It has died: there is nothing left to drain.
    }
    this.end();
  }

  /** Ends the thread. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#watch);
    this.#worker.terminate();
  }

  #order(order: WorkerOrder): void {
    this.#worker.postMessage(order);
  }

  /** Settles with the next report of a kind; rejected if the worker dies before. */
  #reported<K extends WorkerReport["kind"]>(kind: K): Promise<Extract<WorkerReport, { kind: K }>> {
    const { promise, resolve } = Promise.withResolvers<Extract<WorkerReport, { kind: K }>>();
    this.#reports.set(kind, (report) => resolve(report as Extract<WorkerReport, { kind: K }>));
    return Promise.race([promise, this.died]);
  }

  /** An isolate that hangs tells nobody. */
  #watchPulse(): void {
    if (this.#ended) return;
    const pulse = new PulseWatch();
    this.#watch = setInterval(() => {
      if (!pulse.hangs(Atomics.load(this.#pulse, this.#number))) return;
      this.#die(new WorkerHangs("the worker has no pulse"));
    }, LOOK_MS);
  }

  #die(error: Error): void {
    if (this.#ended) return;
    this.end();
    setTimeout(() => this.#reject(error), LAST_BREATH_MS);
  }
}
