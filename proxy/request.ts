/**
 * What a request is at each step of its way: received, verified, routed. A later step's type
 * can only be had from the step before, so nothing unverified is routed or answered.
 *
 * @module
 */
import type { Payload, VerifiedBody } from "@s3-edge-cache/auth";
import type { Awaitable } from "@s3-edge-cache/cache";
import type {
  Cacheability,
  HeaderPair,
  RequestHead,
  RequestTarget,
  Route,
} from "@s3-edge-cache/s3";
import type { ByteSource } from "@s3-edge-cache/upstream";
import type { Trace } from "./trace.ts";

/** A request as a front received it. */
export interface RawRequest extends RequestHead {
  /** The body as it came, or `null`. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** The id that the answer carries as `x-amz-request-id`. */
  readonly id: string;
  /** What is learnt of it on its way. */
  readonly trace: Trace;
  /** Aborts when the client leaves before it has its answer. Costs something to ask for. */
  readonly signal: AbortSignal;
  /** Settles when the answer has been sent, or its reader is gone. Costs something to ask for. */
  readonly completed: Promise<void>;
}

/** A form, whose signature is among its fields and does not cover the file. */
export interface FormPayload {
  /** Tells the kinds of payload apart. */
  readonly kind: "form";
}

/** A body that is verified as it is read. */
export interface Upload extends VerifiedBody {
  /** What the client's signature says of it. */
  readonly payload: Payload | FormPayload;
}

/** A request whose sender is known to hold the client key, or a preflight. */
export interface VerifiedRequest {
  /** The request as received. */
  readonly raw: RawRequest;
  /** What it addresses. */
  readonly target: RequestTarget;
  /** The body, to be read through its verification; `undefined` for none. */
  readonly upload: Upload | undefined;
  /** Whether nobody signed it: a CORS preflight, which does not go up under the proxy's key. */
  readonly anonymous: boolean;
}

/** A verified request whose operation is known. */
export interface RoutedRequest extends VerifiedRequest {
  /** The operation and the resource it concerns. */
  readonly route: Route;
  /** Whether it may be answered from the cache, and from which variant of its object. */
  readonly cacheability: Cacheability;
}

/** A routed request that the cache may answer. */
export interface CacheableRequest extends RoutedRequest {
  /** From which variant, and with which overrides. */
  readonly cacheability: Extract<Cacheability, { kind: "cacheable" }>;
}

/** Whether the cache may answer a request. */
export function isCacheable(request: RoutedRequest): request is CacheableRequest {
  return request.cacheability.kind === "cacheable";
}

/**
 * Why the origin was asked, in the words of RFC 9211, section 2.2: nothing was held, what was held
 * was stale, or the request wanted it so.
 */
export type ForwardReason = "uri-miss" | "stale" | "request";

/** How the cache took part in an answer. */
export type Outcome =
  | { readonly kind: "hit"; readonly ageSeconds: number; readonly ttlSeconds: number }
  /** Answered past its expiry; what is left of its time to live is negative. */
  | { readonly kind: "stale"; readonly ageSeconds: number; readonly ttlSeconds: number }
  /** The origin said that what is held is still good. */
  | { readonly kind: "revalidated"; readonly why: ForwardReason; readonly ttlSeconds: number }
  | { readonly kind: "miss"; readonly why: ForwardReason; readonly stored: boolean }
  | { readonly kind: "follow" }
  /** An entry was found, and the origin answered: dry-run. */
  | { readonly kind: "compared" }
  | { readonly kind: "bypass" };

/** The cache had no part in an answer. */
export const BYPASS: Outcome = { kind: "bypass" };
/** The answer is the origin's; `stored` says whether the cache takes it in. */
export function miss(stored: boolean, why: ForwardReason = "uri-miss"): Outcome {
  return { kind: "miss", why, stored };
}
/** Read along with a fill. */
export const FOLLOW: Outcome = { kind: "follow" };

/** An answer, before a front sends it. */
export interface RawResponse {
  /** HTTP status. */
  readonly status: number;
  /** Header fields in wire order, names in lower case. */
  readonly headers: readonly HeaderPair[];
  /** The body: bytes that are now the front's, a source to be read and released, or none. */
  readonly body: Uint8Array<ArrayBuffer> | ByteSource | null;
  /** How the cache took part in it. */
  readonly outcome: Outcome;
}

/** Gives back the body of an answer that is not sent. */
export function discard({ body }: RawResponse): void {
  if (body !== null && !(body instanceof Uint8Array)) body.release();
}

/** Answers a request of one step: at once where nothing has to be waited for, as on a hit. */
export type Handler<Request> = (request: Request) => Awaitable<RawResponse>;
