/**
 * The seam between the proxy and the origin.
 *
 * @module
 */
import type { ChunkSeed, PostPolicy } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { ByteSource } from "./byte_source.ts";

/** A request to the origin, before it is signed. */
export interface UpstreamRequest {
  /** The method in upper case. */
  readonly method: string;
  /** The raw path-style path, `/bucket/key`, sent as it stands. */
  readonly path: string;
  /** The raw query without its question mark; empty for none. */
  readonly query: string;
  /** End-to-end header fields; those of the signature and of the connection are the client's. */
  readonly headers: readonly HeaderPair[];
  /**
   * Gives the body, or `null` for none. When it errors, the request ends unfinished.
   *
   * @param seed The request's own signature, which signed chunks continue; `undefined` where
   * there is no `payloadHash`.
   */
  readonly body: ((seed: ChunkSeed | undefined) => ReadableStream<Uint8Array>) | null;
  /** Length of the body in bytes; `undefined` without a body. */
  readonly contentLength: number | undefined;
  /** Whether the body waits until the origin asks for it, as the client's does. */
  readonly expectContinue: boolean;
  /**
   * What the signature says of the body: its SHA-256 in hex, or one of Amazon's constants;
   * `undefined` for what goes up unsigned: a preflight, and a form upload, which carries its
   * signature in its fields.
   */
  readonly payloadHash: string | undefined;
  /** Ends the request when it is no longer wanted; `undefined` for one that is seen through. */
  readonly signal: AbortSignal | undefined;
}

/** The origin's answer, its body still arriving. */
export interface UpstreamResponse {
  /** HTTP status. */
  readonly status: number;
  /** Header fields in wire order, those of the connection left out. */
  readonly headers: readonly HeaderPair[];
  /**
   * The body as it came, never decoded; `null` where the answer can have none. It breaks off when
   * the connection is lost or falls silent before its announced end. Released before its end, it
   * costs the connection.
   */
  readonly body: ByteSource | null;
}

/** Sends requests to one origin. */
export interface UpstreamClient {
  /**
   * Signs and sends a request.
   *
   * @returns The answer, as soon as its head is here. Redirects are answers like any other.
   * @throws {S3Error} SlowDown if no connection comes free in time, ServiceUnavailable if the origin
   * can't be reached or hangs up before its answer, GatewayTimeout if it does not answer in time. An error of the request's own body
   * is thrown as it is.
   */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /**
   * Signs a form upload's policy under the proxy's own key.
   *
   * @returns The form fields that carry the policy and its signature.
   */
  signPolicy(policy: PostPolicy): readonly (readonly [name: string, value: string])[];
  /** Closes every connection. */
  close(): Promise<void>;
}
