/**
 * A request as operations see it: whole, authenticated, its target cut.
 *
 * @module
 */
import type { HeaderList, HeaderPair, Query } from "@s3-edge-cache/s3";

/** A request whose body is read and whose signature is verified. */
export interface OriginRequest {
  /** The method. */
  readonly method: string;
  /** The header fields. */
  readonly headers: HeaderList;
  /** The query. */
  readonly query: Query;
  /** The bucket's name; empty for the service. */
  readonly bucket: string;
  /** The key, a byte string; empty for a bucket. */
  readonly key: string;
  /** Whose request it is. */
  readonly signer: "owner" | "anonymous";
  /** The body, chunk framing taken out. */
  readonly body: Uint8Array;
  /** The fields that came behind an `aws-chunked` body. */
  readonly trailers: readonly HeaderPair[];
}
