/**
 * One thread of a lockstep run.
 *
 * @module
 */
import { SLOT_WORDS } from "../slots.ts";
import { stringCodec } from "./cache_probe.ts";
import { SharedCache } from "../shared_cache.ts";
import { SCRIPTS } from "./lockstep_scripts.ts";
import {
  ASLEEP,
  AT_GATE,
  DONE,
  ENTERS,
  GO,
  PLACE,
  RUNS,
  THREAD_WORDS,
  type ThreadTask,
} from "./lockstep.ts";

/** What the dedicated worker's global scope offers. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ThreadTask>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;
const real = { ...ownFunctions(Atomics) };

function ownFunctions(atomics: typeof Atomics) {
  const { load, store, add, sub, exchange, compareExchange, wait, waitAsync, notify } = atomics;
  return { load, store, add, sub, exchange, compareExchange, wait, waitAsync, notify };
}

/** Stands in the places that a task names. */
class Gate {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #task: ThreadTask;
  readonly #base: number;
  #closed = false;

  constructor(task: ThreadTask) {
    this.#task = task;
    this.#words = new Int32Array(task.control);
    this.#base = task.thread * THREAD_WORDS;
  }

  /** From now on it stops whoever comes. */
  close(): void {
    this.#closed = true;
  }

  /** Tells where the thread is. */
  tell(place: number): void {
    real.store(this.#words, this.#base + PLACE, place);
    real.notify(this.#words, this.#base + PLACE);
  }

  /** Waits until it may pass. */
  stop(enters = false): void {
    if (!this.#closed) return;
    const gone = real.load(this.#words, this.#base + GO);
    real.store(this.#words, this.#base + ENTERS, enters ? 1 : 0);
    this.tell(AT_GATE);
    while (real.load(this.#words, this.#base + GO) === gone) {
      real.wait(this.#words, this.#base + GO, gone);
    }
  }

  /** Stops before an operation on a word that is stepped, or behind it. */
  stand(array: Int32Array, index: number): void {
    const { memory, pins, slotWords } = this.#task;
    if (array.buffer === memory.slots) {
      if (slotWords.includes(index % SLOT_WORDS)) this.stop();
    } else if (array.buffer === memory.pins) {
      if (pins) this.stop();
    }
  }

  /** Whether a word is a pin: what was read of it may be out of date before it is acted on. */
  isPin(array: Int32Array): boolean {
    return array.buffer === this.#task.memory.pins;
  }

  /** Stops behind an operation that gave a value. */
  behind(array: Int32Array, index: number, value: number): number {
    this.stand(array, index);
    return value;
  }

  /** Stops before the monitor's door; nobody passes while another is inside. */
  beforeEntering(array: Int32Array, index: number): void {
    if (array.buffer === this.#task.memory.control && index === 0) this.stop(true);
  }

  /** Notifies, and lets those who are woken go first. */
  notify(array: Int32Array, index: number): number {
    const woken = real.notify(array, index);
    if (woken === 0 || array.buffer !== this.#task.memory.slots) return woken;
    for (let thread = 0; thread < this.#task.scripts.length; thread++) {
      const base = thread * THREAD_WORDS;
      if (real.load(this.#words, base + PLACE) === ASLEEP) real.add(this.#words, base + GO, 1);
    }
    this.stop();
    return woken;
  }

  /** Tells that the thread sleeps, if it does. */
  waitAsync(array: Int32Array, index: number, value: number) {
    const wait = real.waitAsync(array, index, value);
    if (wait.async && this.#closed) this.tell(ASLEEP);
    return wait;
  }
}

function patch(gate: Gate): void {
  Object.assign(Atomics, {
    load: (array: Int32Array, index: number) => {
      if (gate.isPin(array)) return gate.behind(array, index, real.load(array, index));
      gate.stand(array, index);
      return real.load(array, index);
    },
    compareExchange: (array: Int32Array, index: number, expected: number, value: number) => {
      gate.beforeEntering(array, index);
      return real.compareExchange(array, index, expected, value);
    },
    /** What is published here is open to all before anything else happens. */
    store: (array: Int32Array, index: number, value: number) => {
      real.store(array, index, value);
      gate.stand(array, index);
      return value;
    },
    notify: (array: Int32Array, index: number) => gate.notify(array, index),
    waitAsync: (array: Int32Array, index: number, value: number) =>
      gate.waitAsync(array, index, value),
  });
  for (const name of ["add", "sub", "exchange"] as const) {
    const operation = real[name];
    Atomics[name] = ((array: Int32Array, index: number, value: number) => {
      gate.stand(array, index);
      return operation(array, index, value);
    }) as typeof operation;
  }
}

async function run(task: ThreadTask): Promise<void> {
  const gate = new Gate(task);
  gate.tell(RUNS);
  Object.assign(Atomics, real);
  const cache = new SharedCache(task.memory, task.thread, stringCodec);
  const own = new Int32Array(task.control).subarray(task.scripts.length * THREAD_WORDS);
  patch(gate);
  const script = SCRIPTS[task.scripts[task.thread]!]!(cache, {
    load: (word) => real.load(own, word),
    add: (word) => real.add(own, word, 1),
    pause: () => gate.stop(),
  });
  gate.close();
  const result = await script();
  Object.assign(Atomics, real);
  scope.postMessage(result);
  gate.tell(DONE);
}

scope.onmessage = ({ data }) => void run(data);
