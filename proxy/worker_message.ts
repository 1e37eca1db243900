/**
 * What the supervisor and its workers tell each other.
 *
 * @module
 */
import type { CacheMemory } from "@s3-edge-cache/cache";
import type { Question, Recollection } from "./journal.ts";
import type { OutputStream } from "./output.ts";
import type { RequestWorkerOptions } from "./request_worker.ts";

/** To a worker. */
export type WorkerOrder =
  /** Begin; `pulse` has a word for each worker, raised as long as it lives. */
  | {
    readonly kind: "start";
    readonly options: RequestWorkerOptions;
    readonly pulse: SharedArrayBuffer;
  }
  /** Go over to another memory. */
  | { readonly kind: "adopt"; readonly memory: CacheMemory }
  /** Tell of the latest requests. */
  | { readonly kind: "recollect"; readonly question: Question }
  /** Come to an end. */
  | { readonly kind: "drain" };

/** From a worker: that it has done what it was told, or what it logs. */
export type WorkerReport =
  /** It hears orders: what is posted while its modules are loading would be lost. */
  | { readonly kind: "ready" }
  | { readonly kind: "lines"; readonly stream: OutputStream; readonly lines: string }
  | { readonly kind: "listening" }
  | { readonly kind: "adopted" }
  | { readonly kind: "recollected"; readonly recollection: Recollection }
  | { readonly kind: "drained" };
