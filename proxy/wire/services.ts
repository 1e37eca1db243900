/**
 * What the connections of a front share.
 *
 * @module
 */
import type { Handler, RawRequest } from "../request.ts";
import type { Ticks } from "./client_wait.ts";
import type { OutputBuffers } from "./output_buffers.ts";
import type { HeadParser } from "./request_head.ts";

/** What the connections of a front share. */
export interface WireServices {
  /** Answers requests; never throws. */
  readonly pipeline: Handler<RawRequest>;
  /** Reads heads. */
  readonly parser: HeadParser;
  /** Buffers to send from. */
  readonly buffers: OutputBuffers;
  /** The clock of what clients are waited for. */
  readonly ticks: Ticks;
  /** Whether each connection ends with its next answer. */
  readonly draining: boolean;
  /** The next request's id. */
  nextId(): string;
  /** The value of Date. */
  date(): string;
  /** Is told what should never happen. */
  onError(error: unknown): void;
}
