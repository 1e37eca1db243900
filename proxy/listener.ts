/**
 * The seam between a pipeline and the network.
 *
 * @module
 */
import type { Log } from "@s3-edge-cache/telemetry";
import type { Handler, RawRequest } from "./request.ts";
import type { Address } from "./setting.ts";

/** What a listener is made of. */
export interface ListenerOptions {
  /** Where it listens. */
  readonly address: Address;
  /** Whether other listeners listen there too. */
  readonly shared: boolean;
  /** Answers requests; never throws. */
  readonly pipeline: Handler<RawRequest>;
  /** Longest silence of a client, in milliseconds. */
  readonly idleMs: number;
  /** Takes events. */
  readonly log: Log;
}

/** Takes requests over the network. */
export interface Listener {
  /** Where it listens. */
  readonly address: Address;
  /** Stops accepting; settles when every request that runs has been answered. */
  drain(): Promise<void>;
  /** Ends what still runs, once it is draining. */
  cut(): void;
}

/**
 * Starts a listener.
 *
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.listen`.
 */
export type Listen = (options: ListenerOptions) => Listener;
