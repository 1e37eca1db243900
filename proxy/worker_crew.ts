/**
 * The workers on one port, and the memory that they share.
 *
 * Invariants:
 * - A worker that dies is replaced under its own number, after its pins, fills and writes in the
 *   memory were voided; nothing else notices.
 * - A worker that hangs is left alone, for it may still run: the crew is broken.
 * - A memory that is poisoned is replaced: every worker goes over to the new one before anything
 *   is admitted there.
 *
 * @module
 */
import {
  CacheKeeper,
  type CacheMemory,
  type CacheStats,
  type EntryDescription,
  SharedCache,
} from "@s3-edge-cache/cache";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";
import { configuredMemory } from "./cache_memory.ts";
import type { CrewParts } from "./crew.ts";
import { type EntryRecord, entryRecordCodec } from "./entry_record.ts";
import type { Question, Recollection } from "./journal.ts";
import { namingAddress } from "./naming_address.ts";
import { WorkerHangs, WorkerThread } from "./worker_thread.ts";

/** First wait before a worker is replaced, in milliseconds; it doubles with each death in a row. */
const FIRST_WAIT_MS = 100;

/** The longest such wait, in milliseconds. */
const LONGEST_WAIT_MS = 10_000;

/** How often the memory is looked after, in milliseconds. */
const GUARD_MS = 500;

/** A worker that has lived as long is none of those that die at once, in milliseconds. */
const SETTLED_MS = 10_000;

/** What runs in a worker, unless told otherwise. */
const WORKER: URL = new URL("./worker.ts", import.meta.url);

/** As many workers as the settings say. */
export class WorkerCrew {
  /** Where they listen. */
  readonly address: Address;
  /** Settles when a worker hangs. */
  readonly broken: Promise<void>;
  readonly #break: () => void;
  readonly #config: Config;
  readonly #common: CrewParts;
  readonly #pulse: SharedArrayBuffer;
  readonly #threads: WorkerThread[] = [];
  #memory: CacheMemory | undefined;
  #keeper: CacheKeeper | undefined;
  #cache: SharedCache<EntryRecord> | undefined;
  #draining = false;
  /** When the last write has ended that a worker was at when it died, in milliseconds. */
  #writesEndAt = 0;
  #guard: ReturnType<typeof setInterval> | undefined;

  private constructor(parts: CrewParts, address: Address) {
    const { config } = parts;
    this.#config = config;
    this.#common = parts;
    this.address = address;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.broken = promise;
    this.#break = resolve;
    this.#pulse = new SharedArrayBuffer(config.WORKER_THREADS * Int32Array.BYTES_PER_ELEMENT);
    this.#useMemory(configuredMemory(config));
  }

  /**
   * Starts a crew; settles when every worker listens.
   *
   * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.listen`; an Error of a worker
   * that can't start.
   */
  static async start(parts: CrewParts): Promise<WorkerCrew> {
    const { config } = parts;
    const crew = new WorkerCrew(parts, freeAddress(config.LISTEN_ADDR));
    crew.#keeper?.open();
    for (let number = 0; number < config.WORKER_THREADS; number++) {
      crew.#threads[number] = crew.#startThread(number);
    }
    try {
      await Promise.all(crew.#threads.map((thread) => thread.listening()));
    } catch (error) {
      for (const thread of crew.#threads) thread.end();
      throw error;
    }
    for (const number of crew.#threads.keys()) crew.#watch(number, 0);
    crew.#guard = setInterval(() => {
      if (crew.#keeper?.poisoned) crew.#moveOver();
    }, GUARD_MS);
    return crew;
  }

  /** A moment's figures of the cache. */
  stats(): CacheStats | undefined {
    return this.#keeper?.stats();
  }

  /** The supervisor's own way to the cache. */
  get cache(): SharedCache<EntryRecord> | undefined {
    return this.#cache;
  }

  /** Every entry of an object. */
  entriesOf(object: string): readonly EntryDescription[] {
    return this.#keeper?.entriesOf(object) ?? [];
  }

  /** What the workers remember of their latest requests; one that dies remembers nothing. */
  async recollect(question: Question): Promise<Recollection[]> {
    const told = this.#threads.map((thread) => thread.recollect(question));
    const settled = await Promise.allSettled(told);
    return settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
  }

  /** Lets every worker come to its end. */
  async drain(): Promise<void> {
    this.#draining = true;
    clearInterval(this.#guard);
    await Promise.all(this.#threads.map((thread) => thread.drain()));
  }

  #startThread(number: number): WorkerThread {
    return new WorkerThread(
      this.#common.worker ?? WORKER,
      {
        config: this.#config,
        number,
        memory: this.#memory,
        tallies: this.#common.tallies,
        output: this.#common.output,
        address: this.address,
        shared: true,
      },
      this.#pulse,
      this.#common.handOver,
    );
  }

  /** Replaces a worker when it dies, and goes on watching. */
  #watch(number: number, deaths: number): void {
    const born = Date.now();
    this.#threads[number]!.died.catch(async (error: Error) => {
      if (this.#draining) return;
      if (error instanceof WorkerHangs) {
        this.#common.log("error", "a worker hangs", { number });
        return this.#break();
      }
      const inARow = Date.now() - born < SETTLED_MS ? deaths + 1 : 0;
      this.#common.log("error", "a worker died and is replaced", { number, error: error.message });
      this.#voidWorker(number);
      await delay(Math.min(FIRST_WAIT_MS * 2 ** inARow, LONGEST_WAIT_MS));
      if (this.#draining) return;
      this.#threads[number] = this.#startThread(number);
      this.#watch(number, inARow);
    });
  }

  /** Clears up after a worker. What it was writing may still be carried out. */
  #voidWorker(number: number): void {
    const writes = this.#keeper?.voidWorker(number);
    if (writes === undefined) return;
    const graceMs = this.#config.LOST_WRITE_GRACE_SECONDS * 1000;
    this.#writesEndAt = Date.now() + graceMs;
    setTimeout(() => writes.end(), graceMs).unref();
  }

  /**
   * Has every worker go over to a new memory, then opens it: not before the writes of those that died
   * have ended, for nobody has taken these along.
   */
  async #moveOver(): Promise<void> {
    this.#common.log("warn", "the cache begins anew: its memory was left in an unknown state");
    const memory = configuredMemory(this.#config)!;
    const keeper = this.#useMemory(memory)!;
    await Promise.allSettled(this.#threads.map((thread) => thread.adopt(memory)));
    await delay(Math.max(this.#writesEndAt - Date.now(), 0));
    keeper.open();
  }

  #useMemory(memory: CacheMemory | undefined): CacheKeeper | undefined {
    this.#memory = memory;
    this.#keeper = memory && new CacheKeeper(memory);
    this.#cache = memory &&
      new SharedCache(memory, this.#config.WORKER_THREADS, entryRecordCodec);
    return this.#keeper;
  }
}

/** The address with a port that is free; the workers then share it. */
function freeAddress(address: Address): Address {
  const probe = namingAddress("LISTEN_ADDR", address, () => Deno.listen(address));
  const { hostname, port } = probe.addr;
  probe.close();
  return { hostname, port };
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
