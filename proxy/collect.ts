/**
 * Keeping a body that does not say how long it is.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";
import { NOT_SHARED } from "./abort_code.ts";
import { concatenated } from "./beginning.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { IntegrityCheck } from "./integrity.ts";
import type { Trace } from "./trace.ts";

/** Most bytes that are collected; a longer body goes on, and is not kept. */
const MOST_BYTES = 1024 * 1024;

/** A fill that is not announced yet. */
export interface SilentFill {
  /** The fill. */
  readonly fill: Fill<EntryRecord>;
  /** What is stored beside the body. */
  readonly record: EntryRecord;
  /** Tells versions of the object apart. */
  readonly version: number;
  /** Holds the bytes against what is known of them. */
  readonly check: IntegrityCheck;
  /** The trace of the request that brought it about. */
  readonly trace: Trace;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Passes a body on to one client and collects it, as fast as it comes; the fill is announced when all
 * of it is here. Until then nobody else gets a byte: it may turn out too long to be kept. From there
 * on it comes as fast as its client reads.
 *
 * @param body A body that nobody reads yet.
 * @param silent The fill; ended here in every case.
 */
export function collectedBody(body: ByteSource, silent: SilentFill): ByteSource {
  return new CollectedBody(body, silent);
}

class CollectedBody implements ByteSource {
  readonly lasting: boolean;
  readonly #body: ByteSource;
  readonly #silent: SilentFill;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  /** Chunks that the client has. */
  #read = 0;
  #state: "gathering" | "whole" | "too long" | "broken" = "gathering";
  #error: unknown;
  #left = false;
  #progress: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(body: ByteSource, silent: SilentFill) {
    this.lasting = body.lasting;
    this.#body = body;
    this.#silent = silent;
    this.#gather();
  }

  read(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (this.#read < this.#chunks.length) return this.#chunks[this.#read++];
    switch (this.#state) {
      case "gathering":
        return this.#progress.promise.then(() => this.read());
      case "whole":
        return undefined;
      case "too long":
        return this.#body.read();
      case "broken":
        throw this.#error;
    }
  }

  release(): void {
    this.#left = true;
    const { fill } = this.#silent;
    if (this.#state === "gathering" && fill.followed) return;
    fill.abort();
    this.#body.release();
  }

  async #gather(): Promise<void> {
    try {
      while (this.#length <= MOST_BYTES) {
        const view = await this.#body.read();
        if (view === undefined) break;
        this.#length += view.length;
        this.#silent.check.update(view);
        this.#chunks.push(view.slice());
        this.#tell();
      }
      this.#state = this.#length > MOST_BYTES ? "too long" : "whole";
      this.#settle();
    } catch (error) {
      this.#state = "broken";
      this.#error = error;
      this.#silent.fill.abort();
    }
    this.#tell();
    if (this.#left) this.#body.release();
  }

  /** Keeps what was gathered, if it is all, and right, and still wanted. */
  #settle(): void {
    const { fill, record, version, check, trace, now } = this.#silent;
    if (this.#left && !fill.followed) return fill.abort();
    if (this.#state === "whole" && check.passes() && fill.begin(record, this.#length, version)) {
      fill.write(concatenated(this.#chunks));
      fill.commit(now());
      return;
    }
    trace.fillGivenUp = true;
    fill.abort(NOT_SHARED);
  }

  #tell(): void {
    this.#progress.resolve();
    this.#progress = Promise.withResolvers();
  }
}
