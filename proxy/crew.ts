/**
 * The seam between the supervisor and those who answer requests.
 *
 * @module
 */
import type { CacheStats, EntryDescription, SharedCache } from "@s3-edge-cache/cache";
import type { Log, TallyMemory } from "@s3-edge-cache/telemetry";
import type { EntryRecord } from "./entry_record.ts";
import type { Question, Recollection } from "./journal.ts";
import type { HandOver } from "./output.ts";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";

/** Those who answer requests, one or many. */
export interface Crew {
  /** Where they listen. */
  readonly address: Address;
  /** Settles when one of them hangs. */
  readonly broken: Promise<void>;
  /** A way to the cache; `undefined` where it is off. */
  readonly cache: SharedCache<EntryRecord> | undefined;
  /** A moment's figures of the cache. */
  stats(): CacheStats | undefined;
  /** Every entry of an object. */
  entriesOf(object: string): readonly EntryDescription[];
  /** What they remember of their latest requests. */
  recollect(question: Question): Promise<readonly Recollection[]>;
  /** Lets what runs end. */
  drain(): Promise<void>;
}

/** What a crew needs. */
export interface CrewParts {
  /** The settings. */
  readonly config: Config;
  /** Takes the supervisor's events. */
  readonly log: Log;
  /** What the workers count in. */
  readonly tallies: TallyMemory;
  /** How much of what they log waits to be written. */
  readonly output: SharedArrayBuffer;
  /** Takes the lines that they log. */
  readonly handOver: HandOver;
  /** The module that runs in a worker, if not the usual one. */
  readonly worker?: URL | undefined;
}
