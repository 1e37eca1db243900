/**
 * A read that the cache can't answer at once, and what is fetched for it.
 *
 * @module
 */
import type { Awaitable, Cache } from "@s3-edge-cache/cache";
import { HeaderList, type HeaderPair, Query, RESPONSE_OVERRIDES } from "@s3-edge-cache/s3";
import type { Log } from "@s3-edge-cache/telemetry";
import type { EntryAddress } from "./entry_address.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { ReadRules } from "./read_rules.ts";
import { ChangedRequest } from "./changed_request.ts";
import { type CacheableRequest, miss, type RawResponse } from "./request.ts";
import type { SmallObjects } from "./small_objects.ts";

/** A read and its entry. */
export interface Reading {
  /** The read. */
  readonly request: CacheableRequest;
  /** Where the entry is that answers it, or will be. */
  readonly address: EntryAddress;
  /** What is fetched: the object, the range that is asked for, or the fields of the object. */
  readonly form: "whole" | "part" | "head";
  /** Whether the origin must be asked, whatever is held. */
  readonly mustAsk: boolean;
}

/** What reads are answered from. */
export interface Sources {
  /** The entries. */
  readonly cache: Cache<EntryRecord>;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Forwards a request. */
  readonly next: (request: CacheableRequest) => Awaitable<RawResponse>;
  /** How far the cache goes. */
  readonly rules: ReadRules;
  /** What is fetched whole. */
  readonly small: SmallObjects;
  /** What became of asking the origin. */
  readonly origin: OriginState;
  /** Takes events. */
  readonly log: Log;
}

/** What a worker knows of the origin. */
export interface OriginState {
  /** Whether it gave no answer when it was asked last. */
  silent: boolean;
}

/** Fields that make the answer another one than the object as it is. */
const SHAPING_FIELDS: ReadonlySet<string> = new Set([
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "range",
]);

/**
 * The read's request for the object as it is: its own fields are asked for, whatever the request
 * overrides.
 */
export function withoutOverrides(request: CacheableRequest): CacheableRequest {
  const query = request.target.query.without((name) => RESPONSE_OVERRIDES.has(name));
  if (query === request.target.query.raw) return request;
  return { ...request, target: { ...request.target, query: new Query(query) } };
}

/**
 * A request for what the read fetches, under no conditions but those given: what the read asks beyond
 * that is answered from what comes.
 *
 * @param reading The read.
 * @param conditions Fields to add.
 */
export function plainRequest(
  { request, form }: Reading,
  ...conditions: HeaderPair[]
): CacheableRequest {
  const fields = request.raw.headers.pairs.filter(([name]) =>
    !SHAPING_FIELDS.has(name) || (name === "range" && form === "part")
  );
  const headers = new HeaderList([...fields, ...conditions]);
  const plain = withoutOverrides(request);
  return { ...plain, raw: new ChangedRequest(plain.raw, { headers }) };
}

/** The origin's answer to the read as it came; the cache keeps nothing of it. */
export async function missed(
  { request, mustAsk }: Reading,
  { next }: Pick<Sources, "next">,
): Promise<RawResponse> {
  return { ...await next(request), outcome: miss(false, mustAsk ? "request" : "uri-miss") };
}
