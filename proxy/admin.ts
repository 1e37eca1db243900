/**
 * The admin listener: whether the proxy lives and takes requests, its figures, what it knows of an
 * object, and orders to drop entries.
 *
 * @module
 */
import type { Cache } from "@s3-edge-cache/cache";
import { type Figures, PROMETHEUS_CONTENT_TYPE, prometheusText } from "@s3-edge-cache/telemetry";
import { turnAway } from "./admin_guard.ts";
import { DASHBOARD, DASHBOARD_POLICY } from "./dashboard.ts";
import type { EntryRecord } from "./entry_record.ts";
import { explain, type ExplainSources } from "./explain.ts";
import { purge, type PurgeOrder } from "./purge.ts";
import { statsDocument } from "./stats_document.ts";

/** What the admin listener shows and does. */
export interface AdminParts extends ExplainSources {
  /** Why the proxy takes no requests; `undefined` if it does. */
  readonly notReady: () => string | undefined;
  /** A moment's figures. */
  readonly figures: () => Figures;
  /** The cache; `undefined` where it is off. */
  readonly cache: () => Cache<EntryRecord> | undefined;
  /** Hears of each order to drop entries. */
  readonly onPurge: (order: PurgeOrder) => void;
  /** Answers one who wants to be told the figures as they come. */
  readonly listen: () => Promise<Response>;
  /** Host names that requests may address it by, beside addresses and `localhost`. */
  readonly names: ReadonlySet<string>;
}

type Page = (query: URLSearchParams) => Response | Promise<Response>;

/**
 * Answers the admin listener.
 *
 * @param parts What it shows and does.
 * @returns A handler for `Deno.serve`.
 */
export function adminFront(parts: AdminParts): (request: Request) => Promise<Response> {
  const shown = shownPages(parts);
  return async (request) => {
    const url = new URL(request.url);
    const refusal = turnAway(request, url.pathname, parts.names);
    if (refusal !== undefined) return plain(403, refusal);
    const { method } = request;
    const isPurge = url.pathname === "/purge";
    const page = isPurge ? purgePage(parts, request) : shown.get(url.pathname);
    if (page === undefined) return plain(404, "not found");
    if (isPurge ? method !== "POST" : method !== "GET" && method !== "HEAD") {
      return plain(405, "method not allowed");
    }
    try {
      return await page(url.searchParams);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      return plain(400, "the key is no well-formed text");
    }
  };
}

function shownPages(parts: AdminParts): ReadonlyMap<string, Page> {
  const { figures, listen, notReady } = parts;
  const files = [...DASHBOARD].map(([path, { text, type }]): [string, Page] => [
    path,
    () => answer(200, text, type, { "content-security-policy": DASHBOARD_POLICY }),
  ]);
  return new Map<string, Page>([
    ...files,
    ["/healthz", () => plain(200, "ok")],
    ["/readyz", () => {
      const why = notReady();
      return why === undefined ? plain(200, "ok") : plain(503, why);
    }],
    ["/metrics", () => answer(200, prometheusText(figures()), PROMETHEUS_CONTENT_TYPE)],
    ["/stats", () => json(statsDocument(figures()))],
    ["/feed", listen],
    ["/explain", async (query) => {
      const [bucket, key] = [query.get("bucket"), query.get("key")];
      if (!bucket || !key) return plain(400, "bucket and key are wanted: /explain?bucket=B&key=K");
      return json(await explain(parts, bucket, key, query.get("versionId") || undefined));
    }],
  ]);
}

/** Takes its parameters from the query or, as a form sends them, from the body. */
function purgePage({ cache, onPurge }: AdminParts, request: Request): Page {
  return async (query) => {
    const form = new URLSearchParams(await request.text());
    const given = (name: string) => query.get(name) ?? form.get(name);
    const [bucket, key, prefix] = [given("bucket"), given("key"), given("prefix")];
    if (!bucket || (key === null) === (prefix === null) || key === "") {
      return plain(400, "a bucket and either a key or a prefix are wanted; an empty prefix is all");
    }
    const held = cache();
    if (held === undefined) return plain(409, "the cache is off");
    const order = key !== null ? { bucket, key } : { bucket, prefix: prefix! };
    const dropped = await purge(held, order);
    onPurge(order);
    return json({ ...order, dropped });
  };
}

function json(value: unknown): Response {
  return answer(200, JSON.stringify(value), "application/json");
}

function plain(status: number, text: string): Response {
  return answer(status, `${text}\n`, "text/plain; charset=utf-8");
}

function answer(
  status: number,
  body: string,
  type: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...more,
  };
  return new Response(body, { status, headers });
}
