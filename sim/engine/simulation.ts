/**
 * The simulation of events: clients, a cache, an origin, and no time but its own.
 *
 * A number of clients take requests in order, each as soon as it is free and not before the
 * request's own time. A hit takes no time. A miss takes as long as the origin does; then what came
 * is put into the cache, and the client is free. Events are worked off in the order of their time,
 * so the same requests give the same figures to the last digit.
 *
 * @module
 */
import type { SimRequest } from "../workload/sim_request.ts";
import { EventQueue } from "./event_queue.ts";
import type { OriginModel } from "./origin_model.ts";
import type { Store } from "./store.ts";
import { Tally } from "./tally.ts";

/** What a client does. */
type Task = "fill" | "write" | "wait";

/** Runs requests against a store. */
export class Simulation {
  /** What was counted. */
  readonly tally: Tally = new Tally();
  /** What is simulated. */
  readonly store: Store;
  readonly #origin: OriginModel;
  readonly #events: EventQueue;
  readonly #idle: number[];
  readonly #tasks: Task[];
  readonly #requests: SimRequest[] = [];
  readonly #ends: Float64Array;
  #begin = -1;
  #now = 0;

  /**
   * A simulation at its beginning.
   *
   * @param store The cache.
   * @param origin How long the origin takes.
   * @param clients How many requests run at a time.
   */
  constructor(store: Store, origin: OriginModel, clients: number) {
    this.store = store;
    this.#origin = origin;
    this.#events = new EventQueue(clients);
    this.#idle = Array.from({ length: clients }, (_, i) => clients - 1 - i);
    this.#tasks = new Array<Task>(clients).fill("wait");
    this.#ends = new Float64Array(clients);
  }

  /**
   * Takes a request. It is answered in its turn, at the latest by `end`.
   *
   * @returns Whether it was a hit, so that its object was asked for before.
   */
  request(request: SimRequest): boolean {
    if (this.#begin < 0) this.#now = this.#begin = request.time;
    if (this.#idle.length === 0) this.#finishNext();
    const time = Math.max(this.#now, request.time);
    while (this.#events.soonest <= time) this.#finishNext();
    this.#now = time;
    const { hits } = this.tally;
    if (request.operation === "read") this.#read(request);
    else if (request.operation === "head") this.#head(request);
    else this.#write(request);
    return this.tally.hits > hits;
  }

  /**
   * Lets every request come to its end, and audits the store.
   *
   * @throws {Error} as the audit does.
   */
  end(): void {
    while (this.#events.length > 0) this.#finishNext();
    this.tally.durationMs = this.#now - Math.max(this.#begin, 0);
    this.store.audit();
  }

  #read(request: SimRequest): void {
    const { tally } = this;
    const client = this.#idle[this.#idle.length - 1]!;
    const reading = this.store.read(request, client, this.#now);
    tally.readBytes += request.size;
    if (reading === "hit") {
      tally.hitBytes += request.size;
      return this.#answerHit();
    }
    if (reading === "stale") return this.#revalidate(request);
    tally.misses += 1;
    if (reading === "follow") {
      tally.follows += 1;
      return this.#occupy(request, "wait", this.#endOf(request) - this.#now);
    }
    tally.upstreamRequests += 1;
    tally.upstreamBytes += request.size;
    const task = reading === "lead" ? "fill" : "wait";
    this.#occupy(request, task, this.#origin.wait(request.size));
  }

  /** Asks whether an entry that is too old is still good, which it is. */
  #revalidate(request: SimRequest): void {
    const { tally } = this;
    tally.hits += 1;
    tally.hitBytes += request.size;
    tally.revalidations += 1;
    tally.upstreamRequests += 1;
    this.#occupy(request, "fill", this.#origin.wait(0));
  }

  #head(request: SimRequest): void {
    if (this.store.head(request, this.#now)) return this.#answerHit();
    this.tally.misses += 1;
    this.tally.upstreamRequests += 1;
    this.#occupy(request, "wait", this.#origin.wait(0));
  }

  #write(request: SimRequest): void {
    const client = this.#idle[this.#idle.length - 1]!;
    this.store.beginWrite(request, client);
    this.tally.writes += 1;
    this.tally.upstreamRequests += 1;
    this.#occupy(request, "write", this.#origin.wait(request.size));
  }

  #answerHit(): void {
    this.tally.hits += 1;
    this.tally.latency.add(0);
  }

  /** Has the next idle client busy for a time. */
  #occupy(request: SimRequest, task: Task, wait: number): void {
    const client = this.#idle.pop()!;
    if (task !== "write") this.tally.latency.add(wait);
    this.#tasks[client] = task;
    this.#requests[client] = request;
    this.#ends[client] = this.#now + wait;
    this.#events.add(this.#now + wait, client);
  }

  /** When the fetch of an object ends that another client leads. */
  #endOf({ high, low }: SimRequest): number {
    const leader = this.#tasks.findIndex((task, client) =>
      task === "fill" && this.#requests[client]!.low === low &&
      this.#requests[client]!.high === high
    );
    return this.#ends[leader]!;
  }

  #finishNext(): void {
    this.#now = this.#events.soonest;
    const client = this.#events.take();
    const request = this.#requests[client]!;
    const task = this.#tasks[client]!;
    this.#tasks[client] = "wait";
    this.#idle.push(client);
    if (task === "fill") this.store.fill(request, client, this.#now);
    else if (task === "write") this.store.endWrite(request, client);
  }
}
