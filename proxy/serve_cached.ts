/**
 * The stage that answers reads of objects from the cache, and fills it.
 *
 * A whole read *acquires* its entry: it finds it, leads its fill, or follows the fill that another
 * request leads. A HEAD and a range look it up, and ask about it if it is stale. A range of an object
 * that is not held is an entry of its own, unless the object is known to be small: then it is
 * fetched whole.
 *
 * @module
 */
import type { Acquisition, Awaitable, Cache, Lease } from "@s3-edge-cache/cache";
import { checkedVariant, type Route } from "@s3-edge-cache/s3";
import type { Log } from "@s3-edge-cache/telemetry";
import { type EntryAddress, entryAddress, partAddress } from "./entry_address.ts";
import type { EntryRecord } from "./entry_record.ts";
import { entryResponse, hitOutcome } from "./entry_response.ts";
import { followFill, START_ANEW } from "./follow.ts";
import { lead } from "./lead.ts";
import type { ReadRules } from "./read_rules.ts";
import { missed, type Reading, type Sources } from "./reading.ts";
import {
  type CacheableRequest,
  type Handler,
  isCacheable,
  type RawResponse,
  type RoutedRequest,
} from "./request.ts";
import { objectSize } from "./response_size.ts";
import { SmallObjects } from "./small_objects.ts";
import { heldResponse } from "./stale.ts";

/** How often a request joins a fill that breaks off before its first byte. */
const MOST_FILLS = 3;

/** What the stage is made of. */
export interface ServeCachedParts {
  /** The cache. */
  readonly cache: Cache<EntryRecord>;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** How far the cache goes for a read. */
  readonly rules: ReadRules;
  /** Takes events. */
  readonly log: Log;
}

/**
 * Answers a GetObject or HeadObject of a cacheable shape from its entry, or from the fill of it.
 *
 * @param parts What the stage is made of.
 * @param next Forwards the request.
 */
export function serveCached(
  { cache, now, rules, log }: ServeCachedParts,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  const small = new SmallObjects(rules.wholeObjectBytes);
  const sources: Sources = { cache, now, next, rules, small, origin: { silent: false }, log };
  return (request) => {
    if (!isCacheable(request)) return next(request);
    const { cacheability, route, raw } = request;
    const address = entryAddress(route, cacheability.variant);
    const isWhole = raw.method === "GET" && !raw.headers.has("range");
    if (!isWhole || cacheability.maxAgeSeconds < Infinity) {
      return serveLookup(sources, request, address);
    }
    const time = now();
    const acquired = cache.acquire(address.object, address.variant, time);
    if (acquired.kind === "hit") return entryResponse(acquired.lease, request, time);
    const reading: Reading = { request, address, form: "whole", mustAsk: false };
    return serveAcquired(sources, reading, acquired, acquire);
  };
}

/** A HEAD, a range, or a read that demands a certain age. */
function serveLookup(
  sources: Sources,
  request: CacheableRequest,
  address: EntryAddress,
): Awaitable<RawResponse> {
  const { cacheability: { maxAgeSeconds }, raw, route } = request;
  const time = sources.now();
  const lease = sources.cache.lookup(address.object, address.variant, time);
  if (lease !== undefined) {
    if (time - lease.storedAt < maxAgeSeconds * 1000) return entryResponse(lease, request, time);
    lease.release();
  }
  const mustAsk = maxAgeSeconds < Infinity;
  const range = raw.headers.get("range");
  const whole: Reading = { request, address, form: "whole", mustAsk };
  if (raw.method === "GET" && range === undefined) return serve(sources, whole);
  const held: Reading = raw.method === "HEAD" ? { ...whole, form: "head" } : whole;
  const acquired = reacquire(sources, held);
  if (acquired !== undefined) return serveAcquired(sources, held, acquired, reacquire);
  if (held.form === "head") {
    return headFromChecked(sources, held) ?? learned(sources, route, missed(held, sources));
  }
  const part = partAddress(route, address, range!);
  if (part === undefined) return learned(sources, route, missed(held, sources));
  const isSmall = sources.small.has(nameOf(route));
  const reading: Reading = isSmall ? whole : { ...whole, address: part, form: "part" };
  return learned(sources, route, serve(sources, reading));
}

/**
 * Answers a HEAD from the entry of a GET that asked for checksums, less these: SDKs ask for them
 * when they read an object and not when they look at it.
 */
function headFromChecked(sources: Sources, reading: Reading): Awaitable<RawResponse> | undefined {
  const { request: { cacheability, route }, mustAsk } = reading;
  const variant = mustAsk ? undefined : checkedVariant(cacheability.variant);
  if (variant === undefined) return undefined;
  const checked = entryAddress(route, variant);
  const now = sources.now();
  const lease = sources.cache.lookup(checked.object, checked.variant, now);
  if (lease === undefined) return undefined;
  const headers = lease.record.headers.filter(([name]) => !name.startsWith("x-amz-checksum-"));
  const record = { ...lease.record, headers };
  return heldResponse(lease, record, reading, sources, hitOutcome(lease, now));
}

/** Remembers the size of the object that an answer tells of. */
function learned(
  { small }: Sources,
  route: Route,
  answered: Awaitable<RawResponse>,
): Awaitable<RawResponse> {
  if (!(answered instanceof Promise)) return answered;
  return answered.then((response) => {
    const size = objectSize(response);
    if (size !== undefined) small.learn(nameOf(route), size);
    return response;
  });
}

function nameOf({ bucket, key, versionId = "" }: Route): string {
  return `${bucket}/${key}\n${versionId}`;
}

/** Finds what a read asks for, now or again. */
type Acquire = (sources: Sources, reading: Reading) => Acquisition<EntryRecord> | undefined;

function acquire({ cache, now }: Sources, { address, mustAsk }: Reading): Acquisition<EntryRecord> {
  return cache.acquire(address.object, address.variant, mustAsk ? Infinity : now());
}

const reacquire: Acquire = ({ cache, now }, { address, mustAsk }) =>
  cache.reacquire(address.object, address.variant, mustAsk ? Infinity : now());

/** Answers a read from its entry, which is filled if it is not held. */
function serve(sources: Sources, reading: Reading): Awaitable<RawResponse> {
  return serveAcquired(sources, reading, acquire(sources, reading), acquire);
}

function serveAcquired(
  sources: Sources,
  reading: Reading,
  acquired: Acquisition<EntryRecord>,
  again: Acquire,
): Awaitable<RawResponse> {
  return acquired.kind === "hit"
    ? hitResponse(sources, reading, acquired.lease)
    : serveFill(sources, reading, acquired, again);
}

function hitResponse(
  sources: Sources,
  reading: Reading,
  lease: Lease<EntryRecord>,
): Awaitable<RawResponse> {
  const outcome = hitOutcome(lease, sources.now());
  return heldResponse(lease, lease.record, reading, sources, outcome);
}

/** Leads a fill or follows one; where that comes to nothing, the origin answers. */
async function serveFill(
  sources: Sources,
  reading: Reading,
  first: Acquisition<EntryRecord>,
  again: Acquire,
): Promise<RawResponse> {
  let acquired: Acquisition<EntryRecord> | undefined = first;
  for (let fills = 0; acquired !== undefined && fills < MOST_FILLS; fills++) {
    switch (acquired.kind) {
      case "hit":
        return await hitResponse(sources, reading, acquired.lease);
      case "lead":
        return await lead(acquired, reading, sources);
      case "bypass":
        return await missed(reading, sources);
      case "follow": {
        if (reading.mustAsk) {
          // What is fetched already may be older than the request.
          acquired.follower.release();
          acquired.stale?.release();
          return await missed(reading, sources);
        }
        const response = await followFill(acquired, reading, sources);
        if (response === undefined) return await missed(reading, sources);
        if (response !== START_ANEW) return response;
      }
    }
    if (fills + 1 < MOST_FILLS) acquired = again(sources, reading);
  }
  return await missed(reading, sources);
}
