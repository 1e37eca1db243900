/**
 * What the supervisor and its workers tell each other.
 *
 * @module
 */
import type { CacheMemory } from "@s3-edge-cache/cache";
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
  /** Come to an end. */
  | { readonly kind: "drain" };

/** From a worker: that it has done what it was told, or what it logs. */
export type WorkerReport =
  /** It hears orders: what is posted while its modules are loading would be lost. */
  | { readonly kind: "ready" }
  | { readonly kind: "lines"; readonly stream: OutputStream; readonly lines: string }
  | { readonly kind: "listening" }
  | { readonly kind: "adopted" }
  | { readonly kind: "drained" };
