/**
 * What the threads of lockstep runs do.
 *
 * @module
 */
import type { Fill } from "../fill.ts";
import type { SharedCache } from "../shared_cache.ts";
import { begun, followed } from "./cache_probe.ts";

/** Words that scripts share beside the cache, and a gate of their own. */
export interface ScriptWords {
  /** Reads a word. */
  load(word: number): number;
  /** Raises a word. */
  add(word: number): number;
  /** Stops here. */
  pause(): void;
}

/**
 * Prepares a script ungated; what it returns runs from gate to gate. A store has its gate behind it:
 * a script that begins with one pauses first, or it would never come late.
 */
export type Script = (
  cache: SharedCache<string>,
  words: ScriptWords,
) => () => unknown | Promise<unknown>;

/** The version of the object that the origin holds. */
const VERSION = 0;
/** Raised when the answer to the write has been sent. */
const ANSWERED = 1;

/** A body that says which record it belongs to. */
export function bodyOf(record: string): Uint8Array {
  return new Uint8Array(100).fill(record.charCodeAt(0));
}

/** Fills an address, and says whether that was admitted; undefined if it could not be filled. */
export function fill(
  cache: SharedCache<string>,
  object: string,
  record: string,
): boolean | undefined {
  const acquired = cache.acquire(object, "", 0);
  if (acquired.kind !== "lead") return undefined;
  if (!acquired.fill.begin(record, 100) || !acquired.fill.write(bodyOf(record))) return false;
  return acquired.fill.commit(0);
}

/** A fill that is announced. */
function announced(cache: SharedCache<string>): Fill<string> {
  return begun(cache, { object: "object", record: "a", body: bodyOf("a") });
}

/** A fill that is announced, and whose bytes have landed. */
function landed(cache: SharedCache<string>): Fill<string> {
  const fill = announced(cache);
  fill.write(bodyOf("a"));
  return fill;
}

/** Reads an entry twice under one lease; what was seen. */
function hit(cache: SharedCache<string>, words: ScriptWords): string {
  const lease = cache.lookup("object", "", 0);
  if (lease === undefined) return "miss";
  const seen = () => [...lease.chunks(0, 100)].map((view) => view.join()).join();
  const whole = (text: string) => text === bodyOf(lease.record).join();
  const first = whole(seen());
  words.pause();
  const second = whole(seen());
  lease.release();
  return first && second ? lease.record : `torn ${lease.record}`;
}

/** All scripts, by name. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
  /** Reads an entry that this worker has read before. */
  readKnown: (cache, words) => {
    cache.lookup("object", "", 0)?.release();
    return () => hit(cache, words);
  },

  /** Reads an entry that this worker knows nothing of. */
  readUnknown: (cache, words) => () => hit(cache, words),

  /** Kills the entry by a write, and uses its memory again. */
  overwrite: (cache) => () => {
    const write = cache.beginWrite({ objects: ["object"] });
    if (write instanceof Promise) throw new Error("A write of an object begins at once");
    write.end();
    return fill(cache, "other", "z");
  },

  /** Kills the entry by another that takes its place. */
  evict: (cache) => () => fill(cache, "other", "z"),

  /** Brings the object as the origin holds it at that time. */
  fetch: (cache, words) => () => {
    const acquired = cache.acquire("object", "", 0);
    if (acquired.kind !== "lead") return acquired.kind;
    words.pause();
    const record = `${words.load(VERSION)}`;
    if (!acquired.fill.begin(record, 100) || !acquired.fill.write(bodyOf(record))) return "refused";
    return acquired.fill.commit(0) ? "admitted" : "lost";
  },

  /** Changes the object at the origin, and looks for it after the answer. */
  put: (cache, words) => () => {
    const write = cache.beginWrite({ objects: ["object"] });
    if (write instanceof Promise) throw new Error("A write of an object begins at once");
    words.pause();
    words.add(VERSION);
    write.end();
    words.add(ANSWERED);
    const lease = cache.lookup("object", "", 0);
    lease?.release();
    return lease?.record ?? "miss";
  },

  /** Looks for an object that this worker knows; says what it found, and whether too late. */
  getKnown: (cache, words) => {
    cache.lookup("object", "", 0)?.release();
    return () => {
      words.pause();
      const answered = words.load(ANSWERED) > 0;
      const lease = cache.lookup("object", "", 0);
      lease?.release();
      return `${lease?.record ?? "miss"}${answered ? " after the answer" : ""}`;
    };
  },

  /** Fills an object that is announced, to a good end. */
  complete: (cache, words) => {
    const fill = announced(cache);
    return () => {
      words.pause();
      return fill.write(bodyOf("a")) && fill.commit(0);
    };
  },

  /** Ends a fill whose bytes have landed. */
  commit: (cache) => {
    const fill = landed(cache);
    return () => fill.commit(0);
  },

  /** Breaks off a fill whose bytes have landed. */
  breakOff: (cache) => {
    const fill = landed(cache);
    return () => fill.abort(7);
  },

  /** Fills an object that is announced, and does not go on after its bytes have landed. */
  land: (cache, words) => {
    const fill = announced(cache);
    return () => {
      words.pause();
      return fill.write(bodyOf("a"));
    };
  },

  /** Joins a fill that runs, and reads what comes first. */
  readFirst: (cache) => async () => {
    const acquired = cache.acquire("object", "", 0);
    if (acquired.kind !== "follow") return acquired.kind;
    const view = await acquired.follower.read();
    return view?.join() === bodyOf("a").join() ? "whole" : "torn";
  },

  /** Joins a fill if there is one, and reads to its end. */
  follow: (cache) => async () => {
    const acquired = cache.acquire("object", "", 0);
    if (acquired.kind === "lead") acquired.fill.abort();
    if (acquired.kind === "hit") acquired.lease.release();
    if (acquired.kind !== "follow") return acquired.kind;
    const end = await followed(acquired.follower);
    acquired.follower.release();
    return typeof end === "number" ? end : end.join() === bodyOf("a").join() ? "whole" : "torn";
  },
};
