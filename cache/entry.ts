/**
 * What a local cache holds.
 *
 * @module
 */
import type { Body } from "./body.ts";
import type { KeyHash } from "./key_hash.ts";
import { ENTRY_OVERHEAD_BYTES } from "./options.ts";

/** An entry that is complete. */
export interface Entry<R> {
  /** The object that it was read from. */
  readonly object: string;
  /** Which variant of the object. */
  readonly variant: string;
  /** The name of its address towards the policy. */
  readonly key: KeyHash;
  /** What is stored beside the body. */
  readonly record: R;
  /** Its bytes. */
  readonly body: Body;
  /** When it was admitted, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** From when on it is no longer found. */
  readonly expiresAt: number;
  /** Bytes that it is charged with. */
  readonly bytes: number;
  /** Its slot while it can be found, else `NO_SLOT`. */
  slot: number;
  /** Leases on it that are not released. */
  leases: number;
}

/** Bytes that an entry is charged with beside its body. */
export function chargeBeside(object: string, variant: string, recordBytes: number): number {
  return ENTRY_OVERHEAD_BYTES + object.length + variant.length + recordBytes;
}
