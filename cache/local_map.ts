/**
 * What one worker remembers of the entries that it has read.
 *
 * @module
 */

/** An entry as one worker knows it; good as long as its slot has the same generation. */
export interface KnownEntry<R> {
  /** The object that it was read from. */
  readonly object: string;
  /** Which variant of the object. */
  readonly variant: string;
  /** Its slot. */
  readonly slot: number;
  /** Generation of the slot. */
  readonly generation: number;
  /** What is stored beside the body, decoded once. */
  readonly record: R;
  /** Bytes of the encoded record. */
  readonly recordBytes: number;
  /** Length of the body in bytes. */
  readonly size: number;
  /** When it was admitted, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** From when on it is no longer found. */
  readonly expiresAt: number;
  /** The body, in views of at most 256 KiB. */
  readonly views: readonly Uint8Array[];
}

/** Bytes of memory, estimated, that what is remembered may take. */
const MOST_BYTES = 25_165_824;

/** Map places, objects and views of an entry, in bytes. */
const ENTRY_BYTES = 768;

/**
 * Entries by address, bounded: those that were added or found last. They lie in two maps; when the
 * younger has half of the bytes permitted, or twice as many entries as the cache, which means that
 * half of them have gone, it takes the place of the older, which is forgotten. What is found in the
 * older moves to the younger.
 */
export class LocalMap<R> {
  #young: Map<string, KnownEntry<R>> = new Map();
  #old: Map<string, KnownEntry<R>> = new Map();
  #youngBytes = 0;
  #mostEntries = 1;

  /** The entry remembered at an address. */
  get(object: string, variant: string): KnownEntry<R> | undefined {
    const name = nameOf(object, variant);
    let entry = this.#young.get(name);
    if (entry === undefined) {
      entry = this.#old.get(name);
      if (entry === undefined) return undefined;
      this.#old.delete(name);
      this.#remember(entry);
    }
    return entry.object === object && entry.variant === variant ? entry : undefined;
  }

  /**
   * Remembers an entry in place of the one at its address.
   *
   * @param held How many entries the cache holds.
   */
  add(entry: KnownEntry<R>, held: number): void {
    this.#mostEntries = 2 * held;
    this.#remember(entry);
  }

  /** Forgets what is remembered at an address. */
  delete(object: string, variant: string): void {
    const name = nameOf(object, variant);
    this.#young.delete(name);
    this.#old.delete(name);
  }

  /** Its name is of the entry's own strings: those of a request would keep its head alive. */
  #remember(entry: KnownEntry<R>): void {
    this.#young.set(nameOf(entry.object, entry.variant), entry);
    const units = entry.object.length + entry.variant.length;
    this.#youngBytes += ENTRY_BYTES + 2 * units + 4 * entry.recordBytes;
    if (this.#youngBytes < MOST_BYTES / 2 && this.#young.size < this.#mostEntries) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}

/** Two addresses may have the same name; the entry tells them apart. */
function nameOf(object: string, variant: string): string {
  return variant === "" ? object : `${object}\u0000${variant}`;
}
