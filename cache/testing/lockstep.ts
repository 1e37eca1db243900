/**
 * Runs scripts in workers of their own, one atomic operation at a time, in every order.
 *
 * Each script runs the real code on a real memory. A gate stands before each of its operations on
 * the words that a scenario names; whoever stands at a gate goes on when it is told. All orders are
 * found by running again and again, each time with another choice at the last place where there is
 * one left.
 *
 * @module
 */
import type { CacheMemory } from "../memory.ts";

/** Words of the control buffer a thread. */
export const THREAD_WORDS = 16;
/** Where a thread stands. */
export const PLACE = 0;
/** Raised to let a thread pass its gate. */
export const GO = 1;
/** Not 0 where the gate is the monitor's. */
export const ENTERS = 2;
/** A thread is on its way to the next gate. */
export const RUNS = 0;
/** It stands at a gate. */
export const AT_GATE = 1;
/** It sleeps until it is notified. */
export const ASLEEP = 2;
/** Its script has returned. */
export const DONE = 3;

/** How long a thread may take to its next gate before the test fails, in milliseconds. */
const PATIENCE_MS = 20_000;

/** What each thread runs, and where it stops. */
export interface Scenario {
  /** Names of scripts, one a thread. */
  readonly scripts: readonly string[];
  /** Words of a slot that operations are stepped on. */
  readonly slotWords: readonly number[];
  /** Whether operations on pins are stepped. */
  readonly pins: boolean;
}

/** What a thread is told before a run. */
export interface ThreadTask extends Scenario {
  /** What to work on. */
  readonly memory: CacheMemory;
  /** Gates; a word for the scripts' own use behind those of the threads. */
  readonly control: SharedArrayBuffer;
  /** Which of them. */
  readonly thread: number;
}

/** Threads that are used again for every run. */
export class Lockstep implements Disposable {
  readonly #workers: Worker[];

  /** Starts as many threads. */
  constructor(threads: number) {
    this.#workers = Array.from(
      { length: threads },
      () => new Worker(new URL("./lockstep_worker.ts", import.meta.url), { type: "module" }),
    );
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }

  /**
   * Runs a scenario in every order.
   *
   * @param scenario What runs.
   * @param makeMemory Makes the memory of one run.
   * @param inspect Throws if a run went wrong; is given what the scripts returned.
   * @returns How many orders there are.
   */
  async explore(
    scenario: Scenario,
    makeMemory: () => CacheMemory,
    inspect: (memory: CacheMemory, results: readonly unknown[]) => void,
  ): Promise<number> {
    let orders = 0;
    for (let plan: number[] | undefined = [];;) {
      const memory = makeMemory();
      const { choices, results } = await this.#run(scenario, memory, plan);
      orders += 1;
      try {
        inspect(memory, results);
      } catch (error) {
        const order = choices.map(({ chosen }) => chosen).join("");
        throw new Error(`Order ${order}: ${JSON.stringify(results)}`, { cause: error });
      }
      plan = nextPlan(choices);
      if (plan === undefined) return orders;
    }
  }

  async #run(scenario: Scenario, memory: CacheMemory, plan: readonly number[]) {
    const threads = scenario.scripts.length;
    const control = new SharedArrayBuffer((threads + 1) * THREAD_WORDS * 4);
    const gates = new Gates(control, memory, threads);
    const results = scenario.scripts.map((_, thread) => {
      const worker = this.#workers[thread]!;
      const task: ThreadTask = { ...scenario, memory, control, thread };
      worker.postMessage(task);
      return new Promise<unknown>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
      });
    });
    const choices: Choice[] = [];
    for (let open = gates.open(); open.length > 0; open = gates.open()) {
      const chosen = plan[choices.length] ?? open[0]!;
      choices.push({ open, chosen });
      gates.pass(chosen);
    }
    return { choices, results: await Promise.all(results) };
  }
}

interface Choice {
  readonly open: readonly number[];
  readonly chosen: number;
}

/** The choices up to the last one that had an alternative left, that one taken. */
function nextPlan(choices: readonly Choice[]): number[] | undefined {
  for (let i = choices.length - 1; i >= 0; i--) {
    const { open, chosen } = choices[i]!;
    const next = open[open.indexOf(chosen) + 1];
    if (next !== undefined) return [...choices.slice(0, i).map(({ chosen }) => chosen), next];
  }
  return undefined;
}

/** The gates of one run, as the one sees them who opens them. */
class Gates {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #holder: Int32Array<SharedArrayBuffer>;
  readonly #threads: number[];

  constructor(control: SharedArrayBuffer, memory: CacheMemory, threads: number) {
    this.#words = new Int32Array(control);
    this.#holder = new Int32Array(memory.control);
    this.#threads = Array.from({ length: threads }, (_, thread) => thread);
  }

  /** Threads that can pass, once all have come to a gate; none if all are done. */
  open(): number[] {
    for (const thread of this.#threads) this.#leave(thread, RUNS);
    const held = Atomics.load(this.#holder, 0) !== 0;
    const open = this.#threads.filter((thread) =>
      this.#read(thread, PLACE) === AT_GATE && !(held && this.#read(thread, ENTERS) !== 0)
    );
    if (open.length > 0 || this.#threads.every((t) => this.#read(t, PLACE) === DONE)) return open;
    for (const thread of this.#threads) this.#leave(thread, ASLEEP);
    return this.open();
  }

  /** Lets a thread pass its gate. Whom it wakes comes to a gate before anything else happens. */
  pass(thread: number): void {
    const sleeping = this.#threads.filter((other) => this.#read(other, PLACE) === ASLEEP);
    const woken = sleeping.map((other) => this.#read(other, GO));
    Atomics.store(this.#words, thread * THREAD_WORDS + PLACE, RUNS);
    Atomics.add(this.#words, thread * THREAD_WORDS + GO, 1);
    Atomics.notify(this.#words, thread * THREAD_WORDS + GO);
    this.#leave(thread, RUNS);
    sleeping.forEach((other, i) => {
      if (this.#read(other, GO) !== woken[i]) this.#leave(other, ASLEEP);
    });
  }

  #read(thread: number, word: number): number {
    return Atomics.load(this.#words, thread * THREAD_WORDS + word);
  }

  #leave(thread: number, place: number): void {
    const until = performance.now() + PATIENCE_MS;
    while (this.#read(thread, PLACE) === place) {
      Atomics.wait(this.#words, thread * THREAD_WORDS + PLACE, place, 100);
      if (performance.now() > until) throw new Error(`Thread ${thread} stays in place ${place}`);
    }
  }
}
