/**
 * The stage that puts what a read brings into the cache, while it goes to the client.
 *
 * @module
 */
import type { Cache, Fill } from "@s3-edge-cache/cache";
import { applyOverrides, type HeaderPair, Query, RESPONSE_OVERRIDES } from "@s3-edge-cache/s3";
import { createIntegrityCheck, type IntegrityCheck } from "./integrity.ts";
import { entryAddress } from "./entry_address.ts";
import { type EntryRecord, entryRecord } from "./entry_record.ts";
import type { Handler, RawResponse, RoutedRequest } from "./request.ts";

/** What a running fill needs until its end. */
interface FillInProgress {
  readonly fill: Fill<EntryRecord>;
  readonly check: IntegrityCheck;
  /** Length of the body in bytes, if it was announced. */
  readonly size: number | undefined;
  readonly now: () => number;
}

/**
 * Fills the cache from the answer to a whole, cacheable GetObject. The fill is begun before the
 * request is sent, so that a write in between is noticed. The object's own fields are asked for
 * and stored, whatever the request overrides.
 *
 * @param cache The cache.
 * @param now The clock, in milliseconds since the epoch.
 * @param next Forwards the request.
 */
export function fillCache(
  cache: Cache<EntryRecord>,
  now: () => number,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  return async (request) => {
    const { cacheability, route, raw } = request;
    if (cacheability.kind === "bypass") return next(request);
    const { object, variant } = entryAddress(route, cacheability.variant);
    const fill = raw.method === "GET" && !raw.headers.has("range")
      ? await cache.fill(object, variant, now())
      : undefined;
    if (fill === undefined) return missed(await next(request), false);
    try {
      const answer = filling(await next(withoutOverrides(request)), fill, now);
      if (answer.status !== 200) return answer;
      return { ...answer, headers: applyOverrides(answer.headers, cacheability.overrides) };
    } catch (error) {
      fill.abort();
      throw error;
    }
  };
}

/** The same request for the object as it is. */
function withoutOverrides(request: RoutedRequest): RoutedRequest {
  const query = request.target.query.without((name) => RESPONSE_OVERRIDES.has(name));
  if (query === request.target.query.raw) return request;
  return { ...request, target: { ...request.target, query: new Query(query) } };
}

function missed(response: RawResponse, stored: boolean): RawResponse {
  return { ...response, outcome: { kind: "miss", stored } };
}

/**
 * The same answer, its body going into the fill as the client reads it. A body that tells neither
 * its length nor its digest is not kept: it may end because its connection was lost.
 */
function filling(response: RawResponse, fill: Fill<EntryRecord>, now: () => number): RawResponse {
  const { status, headers, body } = response;
  const size = contentLength(headers);
  const check = createIntegrityCheck(headers);
  if (
    status !== 200 || !isStorable(headers, check) || !(body instanceof ReadableStream) ||
    (size === undefined && !check.known) || !fill.begin(entryRecord(headers), size)
  ) {
    fill.abort();
    return missed(response, false);
  }
  const progress = { fill, check, size, now };
  return missed({ ...response, body: fillingBody(body, progress) }, true);
}

/**
 * Passes a body on and into a fill. The entry is admitted before the last bytes are handed on:
 * a client that has read them all finds it.
 */
function fillingBody(
  body: ReadableStream<Uint8Array>,
  { fill, check, size, now }: FillInProgress,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let received = 0;
  let open = true;
  const commit = async () => {
    open = false;
    if (check.passes()) await fill.commit(now());
    else fill.abort();
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          if (open) await commit();
          return controller.close();
        }
        received += value.length;
        if (open) {
          check.update(value);
          open = fill.write(value);
          if (open && received === size) await commit();
        }
        controller.enqueue(value);
      } catch (error) {
        fill.abort();
        controller.error(error);
      }
    },
    cancel(reason) {
      fill.abort();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/**
 * Whether an answer may be kept: not if its owner forbids it (RFC 9111, section 5.2.2.5), and
 * not if it hangs on a request field (section 4.1). Two fields are let pass: Origin, since
 * requests that carry one are never answered from the cache, and Accept-Encoding where the body
 * is not encoded, or is held against the MD5 of what is stored.
 */
function isStorable(headers: readonly HeaderPair[], check: IntegrityCheck): boolean {
  const encoded = headers.some(([name]) => name === "content-encoding");
  const varies = (field: string) =>
    field === "accept-encoding" ? encoded && !check.known : !CORS_FIELDS.has(field);
  return !headers.some(([name, value]) =>
    (name === "cache-control" && tokens(value).includes("no-store")) ||
    (name === "vary" && tokens(value).some(varies))
  );
}

/** Fields that only a browser's cross-origin request carries (Fetch Standard, section 3.3.2). */
const CORS_FIELDS: ReadonlySet<string> = new Set([
  "access-control-request-headers",
  "access-control-request-method",
  "origin",
]);

function tokens(value: string): string[] {
  return value.toLowerCase().split(",").map((token) => token.trim());
}

function contentLength(headers: readonly HeaderPair[]): number | undefined {
  const value = headers.find(([name]) => name === "content-length")?.[1];
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
