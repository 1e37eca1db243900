/**
 * What the workers of a stress run share, and what they do.
 *
 * Every byte of a body says which object and version it belongs to, and where in it it stands.
 *
 * @module
 */
import type { Lease } from "../cache.ts";
import { AbortedFill, type Fill, type Follower } from "../fill.ts";
import type { CacheMemory } from "../memory.ts";
import type { SharedCache } from "../shared_cache.ts";
import { seededRandom } from "./random.ts";

/** Objects of a stress run. */
export const OBJECTS = 60;

/** What a worker of a stress run is told. */
export interface StressTask {
  /** What to work on. */
  readonly memory: CacheMemory;
  /** Number of the worker. */
  readonly worker: number;
  /** Two words an object: the version at the origin, and the last one whose write was answered. */
  readonly origin: SharedArrayBuffer;
  /** Sets what it does. */
  readonly seed: number;
  /** Requests that it makes. */
  readonly requests: number;
  /** Whether it leaves its work undone at the end, as one that dies. */
  readonly dies: boolean;
}

/** What a worker of a stress run has seen. */
export interface StressReport {
  /** Requests by how they were answered. */
  readonly outcomes: Record<string, number>;
  /** The first thing that was wrong, if any. */
  readonly fault: string | undefined;
}

/** One client of the cache, in a worker of its own. */
export class StressClient {
  readonly #cache: SharedCache<string>;
  readonly #origin: Int32Array;
  readonly #random: () => number;
  readonly #held: (() => void)[] = [];
  /** How requests were answered. */
  readonly outcomes: Record<string, number> = {};

  constructor(cache: SharedCache<string>, { origin, seed }: StressTask) {
    this.#cache = cache;
    this.#origin = new Int32Array(origin);
    this.#random = seededRandom(seed);
  }

  /** Makes one request. */
  async request(): Promise<void> {
    const object = Math.floor(this.#random() ** 2 * OBJECTS);
    if (this.#random() < 0.05) return await this.#write(object);
    if (this.#random() < 0.01) return await this.#purge(object);
    const least = Atomics.load(this.#origin, object * 2 + 1);
    const acquired = this.#cache.acquire(`bucket/${object}`, "", 0);
    this.#count(acquired.kind);
    if (acquired.kind === "hit") this.#readLease(acquired.lease, object, least);
    if (acquired.kind === "follow") await this.#readAlong(acquired.follower, object, least);
    if (acquired.kind === "lead") await this.#fetch(acquired.fill, object, least);
  }

  /** Gives back all that it holds. */
  finish(): void {
    for (const give of this.#held.splice(0)) give();
  }

  /** Leaves a fill, a follower, a lease and a write as they are. */
  async leaveUndone(): Promise<void> {
    for (let object = 0; object < OBJECTS; object++) {
      const acquired = this.#cache.acquire(`bucket/${object}`, "", 0);
      if (acquired.kind !== "lead") continue;
      const version = Atomics.load(this.#origin, object * 2);
      acquired.fill.begin(`${version}`, 1_000);
      acquired.fill.write(bodyOf(object, version, 500));
      break;
    }
    await this.#cache.beginWrite({ objects: ["bucket/0"] });
  }

  #count(outcome: string): void {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }

  async #write(object: number): Promise<void> {
    const write = await this.#cache.beginWrite({ objects: [`bucket/${object}`, "bucket/none"] });
    const version = Atomics.add(this.#origin, object * 2, 1) + 1;
    await pause();
    this.#answer(object, version);
    write.end();
    this.#count("write");
  }

  /** Writes all objects whose names begin like that of one; only that one changes. */
  async #purge(object: number): Promise<void> {
    const write = await this.#cache.beginWrite({ prefix: `bucket/${object}` });
    const version = Atomics.add(this.#origin, object * 2, 1) + 1;
    this.#answer(object, version);
    write.end();
    this.#count("purge");
  }

  #answer(object: number, version: number): void {
    const word = object * 2 + 1;
    for (;;) {
      const answered = Atomics.load(this.#origin, word);
      if (answered >= version) return;
      if (Atomics.compareExchange(this.#origin, word, answered, version) === answered) return;
    }
  }

  #readLease(lease: Lease<string>, object: number, least: number): void {
    const version = Number(lease.record);
    hold(version >= least, `object ${object} in version ${version}, ${least} was answered`);
    const check = () => {
      let at = 0;
      for (const view of lease.chunks(0, lease.size)) {
        holdBytes(view, object, version, at);
        at += view.length;
      }
    };
    check();
    this.#held.push(() => {
      check();
      lease.release();
    });
    if (this.#held.length > 20) this.#held.shift()!();
  }

  async #readAlong(follower: Follower<string>, object: number, least: number): Promise<void> {
    try {
      const head = await follower.head();
      if (head.kind === "aborted") return this.#count(`aborted ${head.code}`);
      const version = Number(head.record);
      hold(version >= least, `object ${object} followed in version ${version}, not ${least}`);
      let at = 0;
      for (let view = await follower.read(); view !== undefined; view = await follower.read()) {
        holdBytes(view, object, version, at);
        at += view.length;
        if (this.#random() < 0.1) await pause();
        holdBytes(view, object, version, at - view.length);
      }
      hold(head.size === undefined || at === head.size, `${at} bytes of ${head.size}`);
    } catch (error) {
      if (!(error instanceof AbortedFill)) throw error;
      this.#count(`aborted ${error.code}`);
    } finally {
      follower.release();
    }
  }

  async #fetch(fill: Fill<string>, object: number, least: number): Promise<void> {
    const along = this.#random() < 0.5
      ? this.#readAlong(fill.follow(), object, least)
      : Promise.resolve();
    if (this.#random() < 0.5) await pause();
    const version = Atomics.load(this.#origin, object * 2);
    const size = Math.floor(this.#random() ** 3 * 90_000);
    if (!fill.begin(`${version}`, this.#random() < 0.5 ? size : undefined)) {
      this.#count("refused");
      return await along;
    }
    const body = bodyOf(object, version, size);
    let taken = true;
    for (let at = 0; taken && at < size; at += 20_000) {
      taken = fill.write(body.subarray(at, at + 20_000));
      if (this.#random() < 0.3) await pause();
    }
    if (this.#random() < 0.05) fill.abort(3);
    else if (taken) this.#count(fill.commit(0) ? "admitted" : "lost");
    await along;
  }
}

/** The bytes of an object in one version. */
function bodyOf(object: number, version: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = byteOf(object, version, i);
  return bytes;
}

function byteOf(object: number, version: number, at: number): number {
  return object * 7 + version * 31 + at + (at >> 8);
}

function holdBytes(view: Uint8Array, object: number, version: number, at: number): void {
  for (let i = 0; i < view.length; i++) {
    if (view[i] !== (byteOf(object, version, at + i) & 255)) {
      throw new Error(`byte ${at + i} of object ${object}, version ${version}, is another's`);
    }
  }
}

function hold(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Lets the isolate do something else. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
