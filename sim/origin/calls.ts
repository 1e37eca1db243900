/**
 * What the origin was asked.
 *
 * @module
 */
import { encodeKey, type HeaderPair } from "@s3-edge-cache/s3";

/** One request that reached the origin, from the moment its head was read. */
export interface Call {
  /** The method. */
  readonly method: string;
  /** The raw target. */
  readonly target: string;
  /** The header fields in wire order, names in lower case, values Latin-1 byte strings. */
  readonly headers: readonly HeaderPair[];
  /** The head as it came, a Latin-1 byte string without the empty line. */
  readonly rawHead: string;
  /** Amazon's name of the operation, such as `GetObject`; `Unknown` if it has none. */
  readonly operation: string;
  /** The bucket; empty for the service. */
  readonly bucket: string;
  /** The key in its canonical spelling; empty for a bucket. */
  readonly key: string;
  /** The connection it came by: equal numbers are one connection. */
  readonly connection: number;
  /** Bytes of the body that have arrived, framing left out. */
  readonly receivedBytes: number;
  /** The status that was answered, `undefined` before. */
  readonly status: number | undefined;
  /**
   * Where the call stands: `running`; `answered` in full; `harmed` by a fault; `lost`, when the
   * client hung up before its request or its answer was whole.
   */
  readonly outcome: "running" | "answered" | "harmed" | "lost";
}

/** A call as the origin itself writes it. */
export type CallRecord = { -readonly [Field in keyof Call]: Call[Field] };

/** The record of nothing yet. */
export const NO_CALL: CallRecord = {
  method: "",
  target: "",
  headers: [],
  rawHead: "",
  operation: "Unknown",
  bucket: "",
  key: "",
  connection: 0,
  receivedBytes: 0,
  status: undefined,
  outcome: "running",
};

/** Which calls are meant: all that agree with every field given. */
export interface CallFilter {
  /** The method. */
  readonly method?: string;
  /** Amazon's name of the operation. */
  readonly operation?: string;
  /** The bucket. */
  readonly bucket?: string;
  /** The key as text, not percent-encoded. */
  readonly key?: string;
  /** What else must be true of a call. */
  readonly where?: (call: Call) => boolean;
}

/** Whether a call is meant by a filter. */
export function matches(call: Call, filter: CallFilter): boolean {
  return (filter.method === undefined || filter.method === call.method) &&
    (filter.operation === undefined || filter.operation === call.operation) &&
    (filter.bucket === undefined || filter.bucket === call.bucket) &&
    (filter.key === undefined || encodeKey(filter.key) === call.key) &&
    (filter.where === undefined || filter.where(call));
}
