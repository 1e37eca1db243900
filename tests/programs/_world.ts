/**
 * Runs a program: clients, workers over one cache and an origin that answers when it is told to,
 * all in one isolate. After every step each answer that has come is held against what its object
 * has been.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  CacheKeeper,
  type CacheLimits,
  createCacheMemory,
  SharedCache,
} from "@s3-edge-cache/cache";
import {
  createPipeline,
  type EntryRecord,
  entryRecordCodec,
  READ_DEFAULTS,
} from "@s3-edge-cache/proxy";
import { type Held, type Origin, startOrigin } from "@s3-edge-cache/sim";
import { Answer, type TestRequest } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_credentials.ts";
import { createRawRequests, type Ending, Exchange } from "./_client.ts";
import { History } from "./_history.ts";
import { Loopback } from "./_loopback.ts";
import { isAnswerOf, readRequest, type ReadShape } from "./_reads.ts";
import { KEYS, type Program, type Setting, type Step } from "./_steps.ts";
import { shows, type WriteOrder, writeRequest } from "./_writes.ts";

const START = Date.UTC(2026, 0, 1);
const MOST_EXCHANGES = 24;
const MOST_HOLDS = 8;
const TTL_MS = 60_000;

const LIMITS: CacheLimits = {
  maxBytes: 8 * 1024 * 1024,
  maxEntries: 64,
  maxObjectBytes: 100_000,
  ttlMs: TTL_MS,
  shards: 2,
};
const TIGHT: CacheLimits = { ...LIMITS, maxBytes: 1024 * 1024, maxEntries: 3, shards: 1 };

interface Clock {
  /** Milliseconds since the epoch. */
  time: number;
}

/** An operation under way. */
interface Operation {
  readonly exchange: Exchange;
  readonly slow: boolean;
}

/** Runs a program to its end, and holds what must be true there. */
export async function runProgram({ setting, steps }: Program): Promise<void> {
  const world = await World.start(setting);
  try {
    for (const step of steps) await world.take(step);
    await world.end();
  } finally {
    await world.close();
  }
}

/** A proxy of several workers before an origin, and what is known of its objects. */
class World {
  readonly #origin: Origin;
  readonly #clock: Clock;
  readonly #upstream: Loopback;
  readonly #keeper: CacheKeeper;
  readonly #send: ((request: TestRequest, slow: boolean) => Exchange)[];
  readonly #histories = new Map<string, History>();
  readonly #operations = new Set<Operation>();
  #holds: Held[] = [];
  #serial = 0;
  #harms = 0;

  private constructor(origin: Origin, clock: Clock, setting: Setting) {
    const { workers, tight, wholeObjectBytes, staleMs } = setting;
    this.#origin = origin;
    this.#clock = clock;
    const now = () => clock.time;
    this.#upstream = new Loopback(origin, now);
    const memory = createCacheMemory(tight ? TIGHT : LIMITS, workers);
    this.#keeper = new CacheKeeper(memory);
    this.#keeper.open();
    const rawRequest = createRawRequests(now);
    this.#send = Array.from({ length: workers }, (_, number) => {
      const pipeline = createPipeline({
        credentials: CLIENT_CREDENTIALS,
        region: "us-east-1",
        addressing: {},
        cache: new SharedCache<EntryRecord>(memory, number, entryRecordCodec),
        upstream: this.#upstream,
        verification: undefined,
        observe: undefined,
        reads: {
          ...READ_DEFAULTS,
          wholeObjectBytes,
          staleIfErrorMs: staleMs,
          staleWhileRevalidateMs: staleMs,
        },
        log: () => {},
        now,
        clientIdleMs: 60_000,
        lostWriteGraceMs: 0,
      });
      return (request, slow) => new Exchange(pipeline, rawRequest(request), slow);
    });
    for (let key = 0; key < KEYS; key++) this.#history(pathOf(key)).observe(undefined);
  }

  static async start(setting: Setting): Promise<World> {
    const clock: Clock = { time: START };
    const origin = await startOrigin({ now: () => clock.time, minimumPartSize: 0 });
    if (setting.versioned) origin.bucket("bucket").versioning = "Enabled";
    return new World(origin, clock, setting);
  }

  /** Takes one step, and waits until all that follows from it has happened. */
  async take(step: Step): Promise<void> {
    this.#perform(step);
    await this.#follow();
  }

  /** Lets everything go to its end, and expects the truth of every object, twice. */
  async end(): Promise<void> {
    for (const held of this.#holds.splice(0)) {
      held.release();
      await this.#follow();
    }
    this.#origin.reset();
    for (const { exchange } of this.#operations) exchange.read(true);
    while (this.#operations.size > 0) {
      await Promise.race([...this.#operations].map(({ exchange }) => exchange.ending));
      await this.#follow();
    }
    this.#harms = 0;
    const shape: ReadShape = {
      method: "GET",
      range: undefined,
      condition: undefined,
      override: false,
      directive: undefined,
    };
    for (const path of [...this.#histories.keys(), ...this.#histories.keys()]) {
      this.#read(0, path, shape, "", false);
      await this.#follow();
    }
    const { leases, fills, writes } = this.#keeper.stats();
    assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
    this.#keeper.audit();
  }

  async close(): Promise<void> {
    for (const { exchange } of this.#operations) exchange.leave();
    this.#origin.reset();
    await this.#settle();
    await this.#origin[Symbol.asyncDispose]();
  }

  #perform(step: Step): void {
    switch (step.kind) {
      case "read": {
        const path = step.version ? this.#somePath(step.pick) : pathOf(step.key);
        const etags = this.#history(path).etags;
        const etag = etags[etags.length - 1 - step.pick % 3] ?? '"none"';
        return this.#read(step.worker, path, step.shape, etag, step.slow);
      }
      case "write":
        return this.#write(step);
      case "hold": {
        if (this.#holds.length >= MOST_HOLDS) return;
        this.#holds.push(this.#origin.hold({ phase: step.phase, bytes: step.bytes }));
        return;
      }
      case "release": {
        const [held] = this.#holds.splice(step.pick % (this.#holds.length || 1), 1);
        return held?.release();
      }
      case "harm":
        this.#harms++;
        return this.#origin.fault({ method: step.method }, step.fault);
      case "read-on":
        return this.#pick(({ slow }) => slow, step.pick)?.exchange.read(step.all);
      case "leave":
        return this.#pick(() => true, step.pick)?.exchange.leave();
      case "pass":
        this.#clock.time += step.ms;
    }
  }

  #read(worker: number, path: string, shape: ReadShape, etag: string, slow: boolean): void {
    const history = this.#history(path);
    const { floor } = history;
    const what = `${JSON.stringify(shape)} of ${path}, ETag ${etag}`;
    this.#run(worker, readRequest(path, shape, etag), slow, what, (answer) => {
      const place = history.find(floor, (state) => isAnswerOf(answer, state, shape, etag));
      if (place >= 0) return history.seen(place);
      assert.fail(`${what} was answered ${tell(answer)}; it may be ${history.tell(floor)}`);
    });
  }

  #write({ worker, key, other, write, size, pick }: Extract<Step, { kind: "write" }>): void {
    const version = write === "delete-version" ? this.#versionPath(pick) : undefined;
    if (write === "delete-version" && version === undefined) return;
    const order: WriteOrder = {
      kind: write,
      serial: String(++this.#serial),
      path: version?.split("?")[0] ?? pathOf(key),
      other: pathOf(other),
      versionId: version?.split("versionId=")[1] ?? "",
      size,
    };
    const request = writeRequest(order);
    const done = (answer: Answer) => this.#written(order, floors, answer);
    const concerned = write === "delete-version"
      ? [version!]
      : write === "delete-many"
      ? [order.path, order.other]
      : [order.path];
    const floors = new Map(concerned.map((path) => [path, this.#history(path).floor]));
    const what = `${write} ${order.serial} of ${concerned}`;
    if (write !== "multipart") return this.#run(worker, request, false, what, done);
    this.#run(worker, request, false, what, (created) => {
      const uploadId = /<UploadId>([^<]+)/.exec(created.text)?.[1];
      if (uploadId !== undefined) this.#uploadPart(worker, order, uploadId, done);
    });
  }

  #uploadPart(
    worker: number,
    order: WriteOrder,
    uploadId: string,
    done: (answer: Answer) => void,
  ): void {
    const part = writeRequest({ ...order, kind: "put" });
    const target = `${order.path}?partNumber=1&uploadId=${uploadId}`;
    this.#run(worker, { method: "PUT", target, body: part.body! }, false, "part", (uploaded) => {
      const etag = uploaded.header("etag");
      if (etag === undefined) return;
      const body = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
        `<ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
      const complete = { method: "POST", target: `${order.path}?uploadId=${uploadId}`, body };
      this.#run(worker, complete, false, "completion", done);
    });
  }

  /** What an answer to a write promises to whoever reads from now on. */
  #written(order: WriteOrder, floors: ReadonlyMap<string, number>, answer: Answer): void {
    const failed = answer.status >= 300;
    for (const [path, floor] of floors) {
      const history = this.#history(path);
      const place = history.find(floor, (state) => shows(state, order));
      // What a write that failed has left, if anything, has a name only where it is a new object.
      if (place >= 0 && !(failed && shows(undefined, order))) history.seen(place);
      assert.ok(
        failed || place >= 0,
        `${order.kind} ${order.serial} of ${path}: ${tell(answer)}, and the origin has not done it`,
      );
    }
  }

  #run(
    worker: number,
    request: TestRequest,
    slow: boolean,
    what: string,
    judge: (answer: Answer) => void,
  ): void {
    if (this.#operations.size >= MOST_EXCHANGES) return;
    const exchange = this.#send[worker % this.#send.length]!(request, slow);
    const operation: Operation = { exchange, slow };
    this.#operations.add(operation);
    exchange.ending.then((ending) => {
      this.#operations.delete(operation);
      this.#endings.push([what, ending, judge]);
    });
  }

  /** Endings that have not been looked at: what the origin holds is taken note of first. */
  readonly #endings: [what: string, ending: Ending, judge: (answer: Answer) => void][] = [];

  /** Waits until what was begun has come as far as it can, and looks at what has ended. */
  async #follow(): Promise<void> {
    do {
      await this.#settle();
      this.#observe();
    } while (this.#judge());
  }

  /** Holds what has ended against the histories; tells whether anything had. */
  #judge(): boolean {
    const ended = this.#endings.splice(0);
    for (const [what, ending, judge] of ended) {
      if (ending === "left") continue;
      const broken = ending === "cut" || ending.status >= 500;
      if (!broken) judge(ending);
      else if (this.#harms === 0) {
        assert.fail(`${what}: ${ending === "cut" ? "cut" : tell(ending)}, and nothing was harmed`);
      }
    }
    return ended.length > 0;
  }

  /** Takes note of what the origin holds now. */
  #observe(): void {
    for (let key = 0; key < KEYS; key++) {
      const path = pathOf(key);
      const versions = this.#origin.versions("bucket", nameOf(path));
      const newest = versions.at(-1);
      this.#history(path).observe(newest?.kind === "object" ? newest : undefined);
      for (const version of versions) {
        if (version.kind === "object" && version.versionId !== "null") {
          this.#history(`${path}?versionId=${version.versionId}`).observe(version);
        }
      }
    }
    for (const [path, history] of this.#histories) {
      const [object, versionId] = path.split("?versionId=") as [string, string?];
      if (versionId === undefined) continue;
      const versions = this.#origin.versions("bucket", nameOf(object));
      if (!versions.some((version) => version.versionId === versionId)) history.observe(undefined);
    }
  }

  async #settle(): Promise<void> {
    let before = -1;
    while (before !== this.#activity()) {
      before = this.#activity();
      for (let turn = 0; turn < 3; turn++) await nextTurn();
    }
  }

  #activity(): number {
    let sum = this.#upstream.activity + this.#endings.length;
    for (const { exchange } of this.#operations) sum += exchange.activity;
    return sum;
  }

  #history(path: string): History {
    const history = this.#histories.get(path) ?? new History();
    this.#histories.set(path, history);
    return history;
  }

  #somePath(pick: number): string {
    const paths = [...this.#histories.keys()];
    return paths[paths.length - 1 - pick % paths.length]!;
  }

  #versionPath(pick: number): string | undefined {
    const paths = [...this.#histories.keys()].filter((path) => path.includes("?"));
    return paths[pick % (paths.length || 1)];
  }

  #pick(wanted: (operation: Operation) => boolean, pick: number): Operation | undefined {
    const found = [...this.#operations].filter(wanted);
    return found[pick % (found.length || 1)];
  }
}

function pathOf(key: number): string {
  return `/bucket/k${key}`;
}

function nameOf(path: string): string {
  return path.split("/")[2]!;
}

function tell(answer: Answer): string {
  const fields = ["etag", "x-amz-meta-serial", "content-length", "content-range"].map((name) =>
    `${name}=${answer.header(name)}`
  );
  return `${answer.status} ${fields.join(" ")}`;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
