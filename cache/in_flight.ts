/**
 * The fills and writes that are under way.
 *
 * Invariant: while a write concerns an object, no fill of that object is tracked. The write made
 * those that ran lose their right when it began, and bars new ones until it ends; so no fill that
 * was begun before the end of a write is ever admitted, and the end has nothing to undo.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import type { WriteScope } from "./cache.ts";

/** A fill, as a write sees it. */
export interface TrackedFill {
  /** The object that it reads. */
  readonly object: string;
  /** Bytes that it has reserved. */
  readonly reserved: number;
  /** Ends the fill, which leaves the tracking. */
  lose(): void;
}

interface Activity {
  writes: number;
  readonly fills: Set<TrackedFill>;
}

/** Knows what is under way by object, and nothing of an object that is at rest. */
export class InFlight {
  readonly #objects: Map<string, Activity> = new Map();
  readonly #prefixes: Map<string, number> = new Map();
  #fills = 0;
  #writes = 0;

  /** Fills tracked. */
  get fills(): number {
    return this.#fills;
  }

  /** Writes begun and not ended. */
  get writes(): number {
    return this.#writes;
  }

  /** Whether a write concerns the object now. */
  bars(object: string): boolean {
    const activity = this.#objects.get(object);
    if (activity !== undefined && activity.writes > 0) return true;
    for (const prefix of this.#prefixes.keys()) if (object.startsWith(prefix)) return true;
    return false;
  }

  /** Tracks a fill of an object that no write concerns. */
  track(fill: TrackedFill): void {
    this.#activity(fill.object).fills.add(fill);
    this.#fills += 1;
  }

  /** Forgets a fill that is tracked. */
  forget(fill: TrackedFill): void {
    this.#objects.get(fill.object)?.fills.delete(fill);
    this.#fills -= 1;
    this.#rest(fill.object);
  }

  /** Begins a write: its objects are barred, and their fills lose their right. */
  begin(scope: WriteScope): void {
    this.#writes += 1;
    if ("prefix" in scope) {
      this.#prefixes.set(scope.prefix, (this.#prefixes.get(scope.prefix) ?? 0) + 1);
      for (const [object, { fills }] of this.#objects) {
        if (object.startsWith(scope.prefix)) { for (const fill of fills) fill.lose(); }
      }
      return;
    }
    for (const object of scope.objects) {
      const activity = this.#activity(object);
      activity.writes += 1;
      for (const fill of activity.fills) fill.lose();
    }
  }

  /** Ends a write that was begun with the same scope. */
  end(scope: WriteScope): void {
    this.#writes -= 1;
    if ("prefix" in scope) {
      const writes = (this.#prefixes.get(scope.prefix) ?? 0) - 1;
      if (writes > 0) this.#prefixes.set(scope.prefix, writes);
      else this.#prefixes.delete(scope.prefix);
      return;
    }
    for (const object of scope.objects) {
      const activity = this.#objects.get(object);
      if (activity !== undefined) activity.writes -= 1;
      this.#rest(object);
    }
  }

  /**
   * Recounts, and holds the invariant.
   *
   * @param held Whether an entry of the object can be found.
   * @returns The bytes that the fills have reserved.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(held: (scope: WriteScope) => boolean): number {
    let fills = 0;
    let reserved = 0;
    for (const [object, activity] of this.#objects) {
      auditThat(activity.writes > 0 || activity.fills.size > 0, "an object at rest is tracked");
      auditThat(activity.fills.size === 0 || !this.bars(object), "a fill runs beside a write");
      auditThat(activity.writes === 0 || !held({ objects: [object] }), "an entry outlived a write");
      fills += activity.fills.size;
      for (const fill of activity.fills) reserved += fill.reserved;
    }
    for (const [prefix, writes] of this.#prefixes) {
      auditThat(writes > 0, "a prefix at rest is tracked");
      auditThat(!held({ prefix }), "an entry outlived a write of its prefix");
    }
    auditEqual(this.#fills, fills, "the number of fills");
    return reserved;
  }

  #activity(object: string): Activity {
    let activity = this.#objects.get(object);
    if (activity === undefined) {
      activity = { writes: 0, fills: new Set() };
      this.#objects.set(object, activity);
    }
    return activity;
  }

  #rest(object: string): void {
    const activity = this.#objects.get(object);
    if (activity?.writes === 0 && activity.fills.size === 0) this.#objects.delete(object);
  }
}
