/**
 * Finds entries by their address.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import type { Entry } from "./entry.ts";

/**
 * Entries by object and variant. All variants of an object are found in as many steps as there
 * are; an object with a single variant, the usual case, costs no map of its own.
 */
export class ObjectIndex<R> {
  readonly #objects: Map<string, Entry<R> | Map<string, Entry<R>>> = new Map();
  #size = 0;

  /** Entries indexed. */
  get size(): number {
    return this.#size;
  }

  /** The entry at an address. */
  get(object: string, variant: string): Entry<R> | undefined {
    const held = this.#objects.get(object);
    if (held instanceof Map) return held.get(variant);
    return held?.variant === variant ? held : undefined;
  }

  /** Adds an entry at whose address there is none. */
  add(entry: Entry<R>): void {
    const held = this.#objects.get(entry.object);
    if (held === undefined) this.#objects.set(entry.object, entry);
    else if (held instanceof Map) held.set(entry.variant, entry);
    else {
      this.#objects.set(entry.object, new Map([[held.variant, held], [entry.variant, entry]]));
    }
    this.#size += 1;
  }

  /** Takes out an entry that is indexed. */
  delete(entry: Entry<R>): void {
    const held = this.#objects.get(entry.object);
    if (held instanceof Map) {
      held.delete(entry.variant);
      if (held.size === 0) this.#objects.delete(entry.object);
    } else this.#objects.delete(entry.object);
    this.#size -= 1;
  }

  /** All variants of an object. The index may change while they are walked. */
  *variants(object: string): Generator<Entry<R>, void, void> {
    const held = this.#objects.get(object);
    if (held instanceof Map) yield* held.values();
    else if (held !== undefined) yield held;
  }

  /**
   * Recounts, and looks for objects without variants.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void {
    let size = 0;
    for (const [object, held] of this.#objects) {
      const entries = held instanceof Map ? [...held.values()] : [held];
      auditThat(entries.length > 0, "an object without variants is indexed");
      auditThat(entries.every((entry) => entry.object === object), "an entry is misplaced");
      size += entries.length;
    }
    auditEqual(this.#size, size, "the length of the index");
  }

  /** All entries whose object begins with `prefix`; takes a look at every object. */
  *withPrefix(prefix: string): Generator<Entry<R>, void, void> {
    for (const object of this.#objects.keys()) {
      if (object.startsWith(prefix)) yield* this.variants(object);
    }
  }
}
