/**
 * What the seam promises, and caches that have to keep it, moved in step.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Acquisition, Lease, Write, WriteScope } from "../cache.ts";
import {
  AbortedFill,
  type Fill,
  FILL_GIVEN_UP,
  FILL_REFUSED,
  FILL_RENEWED,
  FILL_WORKER_DIED,
  type Follower,
} from "../fill.ts";
import type { CacheLimits } from "../options.ts";
import type { SharedCache } from "../shared_cache.ts";
import { bytesOf, pattern } from "./cache_probe.ts";
import { attachAll, sharedCaches, type SharedFixture } from "./shared_fixture.ts";

interface Content {
  readonly serial: number;
  readonly size: number;
  readonly expiresAt: number;
  /** Evictions counted when it was admitted. */
  readonly evictions: number;
}

interface RunningFill {
  readonly fill: Fill<string>;
  readonly worker: number;
  readonly object: string;
  readonly address: string;
  readonly serial: number;
  /** The serial of the stale entry that it was led with. */
  readonly stale: number | undefined;
  announced: number | undefined | "not yet";
  size: number;
  lost: boolean;
  /** How it ended. */
  end: "runs" | "whole" | number;
}

interface Reader {
  readonly worker: number;
  readonly follower: Follower<string>;
  readonly running: RunningFill;
  read: number;
}

/** One step of a program. */
export type Step = (model: SharedCacheModel) => void | Promise<void>;

function concerns(scope: WriteScope, object: string): boolean {
  return "prefix" in scope ? object.startsWith(scope.prefix) : scope.objects.includes(object);
}

/** A model of several workers on one memory; evictions and refusals are not modelled. */
export class SharedCacheModel {
  readonly #limits: CacheLimits;
  readonly #shared: SharedFixture;
  #caches: SharedCache<string>[];
  readonly #admitted = new Map<string, Content>();
  #leases: { worker: number; lease: Lease<string>; serial: number; size: number }[] = [];
  #fills: RunningFill[] = [];
  #readers: Reader[] = [];
  #writes: { worker: number | "keeper"; write: Write; scopes: readonly WriteScope[] }[] = [];
  #now = 0;
  #serial = 0;

  constructor(limits: CacheLimits, workers: number) {
    this.#limits = limits;
    this.#shared = sharedCaches(workers, limits);
    this.#caches = [...this.#shared.caches];
  }

  lookup(worker: number, object: string, variant: string): void {
    const address = `${object}|${variant}`;
    const lease = this.#caches[worker]!.lookup(object, variant, this.#now);
    if (lease === undefined) this.#excuseMiss(address);
    else this.#lease(worker, address, lease);
  }

  acquire(worker: number, object: string, variant: string): void {
    const acquired = this.#caches[worker]!.acquire(object, variant, this.#now);
    this.#settle(worker, object, `${object}|${variant}`, acquired);
  }

  reacquire(worker: number, object: string, variant: string, unasked: boolean): void {
    const address = `${object}|${variant}`;
    const now = unasked ? this.#now : Infinity;
    const acquired = this.#caches[worker]!.reacquire(object, variant, now);
    if (acquired === undefined) this.#excuseAbsence(address);
    else this.#settle(worker, object, address, acquired, now);
  }

  #settle(
    worker: number,
    object: string,
    address: string,
    acquired: Acquisition<string>,
    now: number = this.#now,
  ): void {
    const running = this.#fills.find((fill) => fill.address === address && !fill.lost);
    if (acquired.kind === "hit") return this.#lease(worker, address, acquired.lease);
    if (acquired.kind !== "bypass") this.#staleLease(worker, address, acquired.stale, now);
    if (acquired.kind === "follow") {
      assert(running, `${address} is followed, and no fill runs`);
      this.#readers.push({ worker, follower: acquired.follower, running, read: 0 });
      return;
    }
    assert(running === undefined, `${address} is not followed, but ${acquired.kind}`);
    const barred = this.#writes.some(({ scopes }) =>
      scopes.some((scope) => concerns(scope, object))
    );
    if (acquired.kind === "bypass") {
      const set = this.#shared.keeper.stats().bytes;
      return assert(barred || set > this.#limits.maxBytes - 2_000, `${address} is not filled`);
    }
    assert(!barred, `${address} is filled beside a write`);
    this.#lead(worker, object, address, acquired);
  }

  follow(worker: number, pick: number): void {
    const running = this.#fills.filter((fill) => fill.worker === worker)[pick];
    if (running === undefined) return;
    this.#readers.push({ worker, follower: running.fill.follow(), running, read: 0 });
  }

  release(pick: number): void {
    const [held] = this.#leases.splice(pick % (this.#leases.length || 1), 1);
    held?.lease.release();
    if (pick % 3 === 0) held?.lease.release();
  }

  leave(pick: number): void {
    const [reader] = this.#readers.splice(pick % (this.#readers.length || 1), 1);
    reader?.follower.release();
    if (pick % 3 === 0) reader?.follower.release();
  }

  begin(pick: number, size: number, known: boolean): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined || running.announced !== "not yet") return;
    const begun = running.fill.begin(`${running.serial}`, known ? size : undefined);
    if (known && size > this.#limits.maxObjectBytes) assert.equal(begun, false);
    running.announced = known ? size : undefined;
    if (!begun) this.#ended(running, FILL_REFUSED);
  }

  /** Writes `length` bytes, or, where that is `"rest"`, what is missing. */
  write(pick: number, length: number | "rest"): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined || running.announced === "not yet") return;
    const { fill, serial, announced } = running;
    const size = length === "rest" ? Math.max((announced ?? 0) - running.size, 0) : length;
    const written = fill.write(pattern(running.size + size, serial).subarray(running.size));
    const tooLong = announced !== undefined && running.size + size > announced;
    if (announced !== undefined) assert.equal(written, !tooLong);
    if (written) running.size += size;
    else this.#ended(running, tooLong ? FILL_GIVEN_UP : FILL_REFUSED);
  }

  commit(pick: number): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined || running.announced === "not yet") return;
    const { fill, address, serial, size, announced, lost } = running;
    const whole = announced === undefined || announced === size;
    const { evictions } = this.#shared.keeper.stats();
    assert.equal(fill.commit(this.#now), !lost && whole, `commit of ${address}`);
    this.#ended(running, whole ? "whole" : FILL_GIVEN_UP);
    if (lost || !whole) return;
    const expiresAt = this.#now + this.#limits.ttlMs;
    this.#admitted.set(address, { serial, size, expiresAt, evictions });
  }

  renew(pick: number): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined) return;
    const { fill, address, lost, stale } = running;
    if (stale === undefined) return assert.throws(() => fill.renew(this.#now), /stale entry/);
    const renewed = fill.renew(this.#now);
    this.#ended(running, FILL_RENEWED);
    const content = this.#admitted.get(address);
    if (renewed) {
      assert(!lost && content?.serial === stale, `${address} was renewed, and must not be`);
      this.#admitted.set(address, { ...content, expiresAt: this.#now + this.#limits.ttlMs });
    } else if (!lost && content?.serial === stale) this.#excuseAbsence(address);
  }

  abort(pick: number, code: number): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined) return;
    running.fill.abort(code);
    this.#ended(running, code);
  }

  async beginWrite(worker: number, scope: WriteScope): Promise<void> {
    const write = await this.#caches[worker]!.beginWrite(scope);
    this.#writes.push({ worker, write, scopes: [scope] });
    for (const running of this.#fills) if (concerns(scope, running.object)) running.lost = true;
    for (const address of this.#admitted.keys()) {
      if (concerns(scope, address.slice(0, address.indexOf("|")))) this.#admitted.delete(address);
    }
  }

  endWrite(pick: number): void {
    const [held] = this.#writes.splice(pick % (this.#writes.length || 1), 1);
    held?.write.end();
    if (pick % 3 === 0) held?.write.end();
  }

  drop(worker: number, object: string, variant: string): void {
    this.#caches[worker]!.drop(object, variant);
    this.#admitted.delete(`${object}|${variant}`);
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** A worker dies between two steps, and another one takes its place. */
  die(worker: number): void {
    const lost = this.#shared.keeper.voidWorker(worker);
    for (const running of [...this.#fills]) {
      if (running.worker === worker) this.#ended(running, FILL_WORKER_DIED);
    }
    this.#leases = this.#leases.filter((held) => held.worker !== worker);
    this.#readers = this.#readers.filter((reader) => reader.worker !== worker);
    const theirs = this.#writes.filter((held) => held.worker === worker);
    this.#writes = this.#writes.filter((held) => held.worker !== worker);
    assert.equal(lost === undefined, theirs.length === 0);
    if (lost !== undefined) {
      const scopes = theirs.flatMap((held) => held.scopes);
      this.#writes.push({ worker: "keeper", write: lost, scopes });
    }
    this.#caches[worker] = attachAll(this.#shared.memory)[worker]!;
  }

  /** Holds what must be true after every step. */
  inspect(): void {
    this.#shared.keeper.audit();
    const { entries, bytes, leases, fills, writes } = this.#shared.keeper.stats();
    assert(bytes <= this.#limits.maxBytes && entries <= this.#limits.maxEntries);
    assert(entries <= this.#admitted.size, "no more is held than was admitted");
    assert.equal(leases, this.#leases.length + this.#readers.length);
    assert.equal(fills, this.#fills.filter(({ lost }) => !lost).length);
    assert.equal(writes, this.#writes.reduce((sum, { scopes }) => sum + scopes.length, 0));
    for (const { lease, serial, size } of this.#leases) {
      assert.deepEqual(bytesOf(lease), pattern(size, serial));
    }
    for (const reader of this.#readers) this.#readOn(reader);
  }

  /** Ends all that is in flight; a write of everything must leave nothing. */
  async close(): Promise<void> {
    for (const running of [...this.#fills]) {
      running.fill.abort();
      this.#ended(running, FILL_GIVEN_UP);
    }
    this.inspect();
    for (const { lease } of this.#leases.splice(0)) lease.release();
    for (const { follower } of this.#readers.splice(0)) follower.release();
    for (const { write } of this.#writes.splice(0)) write.end();
    await this.beginWrite(0, { prefix: "" });
    this.endWrite(0);
    this.inspect();
    assert.equal(this.#shared.keeper.stats().bytes, 0);
  }

  /** Reads all that is there, and holds the end against the model's. */
  #readOn(reader: Reader): void {
    const { follower, running } = reader;
    const { serial, size, end, announced } = running;
    if (typeof end === "number") {
      assert.throws(() => follower.read(), new AbortedFill(end));
      return;
    }
    if (announced === "not yet") return;
    const body = pattern(size, serial);
    while (reader.read < size) {
      const view = follower.read();
      assert(view instanceof Uint8Array, "bytes that are there are read at once");
      assert.deepEqual(view.slice(), body.slice(reader.read, reader.read + view.length));
      reader.read += view.length;
    }
    if (end === "whole") assert.equal(follower.read(), undefined);
  }

  #lease(worker: number, address: string, lease: Lease<string>): void {
    const content = this.#admitted.get(address);
    assert(content, `${address} was found, and must not be`);
    assert(this.#now < content.expiresAt, `${address} was found after its expiry`);
    assert.deepEqual([lease.record, lease.size], [`${content.serial}`, content.size]);
    this.#leases.push({ worker, lease, serial: content.serial, size: content.size });
  }

  #staleLease(
    worker: number,
    address: string,
    lease: Lease<string> | undefined,
    now: number,
  ): void {
    if (lease === undefined) return this.#excuseAbsence(address);
    const content = this.#admitted.get(address);
    assert(content && now >= content.expiresAt, `${address} is not stale`);
    assert.deepEqual([lease.record, lease.size], [`${content.serial}`, content.size]);
    this.#leases.push({ worker, lease, serial: content.serial, size: content.size });
  }

  #excuseMiss(address: string): void {
    const content = this.#admitted.get(address);
    if (content === undefined || this.#now < content.expiresAt) this.#excuseAbsence(address);
  }

  #excuseAbsence(address: string): void {
    const content = this.#admitted.get(address);
    const excused = content === undefined ||
      this.#shared.keeper.stats().evictions > content.evictions;
    assert(excused, `${address} was not found, and nothing was evicted`);
    this.#admitted.delete(address);
  }

  #lead(
    worker: number,
    object: string,
    address: string,
    { fill, stale }: Extract<Acquisition<string>, { kind: "lead" }>,
  ): void {
    this.#serial += 1;
    const replaced = stale && Number(stale.record);
    const fixed = { fill, worker, object, address, serial: this.#serial, stale: replaced };
    this.#fills.push({ ...fixed, announced: "not yet", size: 0, lost: false, end: "runs" });
  }

  #ended(running: RunningFill, end: RunningFill["end"]): void {
    running.end = end;
    this.#fills.splice(this.#fills.indexOf(running), 1);
  }
}
