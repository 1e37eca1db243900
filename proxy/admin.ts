/**
 * The admin listener: whether the proxy lives, whether it takes requests, and its figures.
 *
 * @module
 */
import { type Figures, PROMETHEUS_CONTENT_TYPE, prometheusText } from "@s3-edge-cache/telemetry";
import { statsDocument } from "./stats_document.ts";

/** What the admin listener shows. */
export interface AdminParts {
  /** Whether the proxy takes requests. */
  readonly isReady: () => boolean;
  /** A moment's figures. */
  readonly figures: () => Figures;
}

type Page = () => Response;

/**
 * Answers the admin listener.
 *
 * @param parts What it shows.
 * @returns A handler for `Deno.serve`: `/healthz` is 200 as long as the process answers; `/readyz`
 * is 200, and 503 once it drains; `/metrics` is Prometheus's text, `/stats` the same as JSON.
 */
export function adminFront(parts: AdminParts): (request: Request) => Response {
  const pages: ReadonlyMap<string, Page> = new Map<string, Page>([
    ["/healthz", () => answer(200, "ok\n")],
    ["/readyz", () => parts.isReady() ? answer(200, "ok\n") : answer(503, "draining\n")],
    ["/metrics", () => answer(200, prometheusText(parts.figures()), PROMETHEUS_CONTENT_TYPE)],
    ["/stats", () => answer(200, JSON.stringify(statsDocument(parts.figures())), JSON_TYPE)],
  ]);
  return (request) => {
    const page = pages.get(new URL(request.url).pathname);
    if (page === undefined) return answer(404, "not found\n");
    if (request.method === "GET" || request.method === "HEAD") return page();
    return answer(405, "method not allowed\n");
  };
}

const PLAIN_TYPE = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

function answer(status: number, body: string, type: string = PLAIN_TYPE): Response {
  const headers = { "content-type": type, "cache-control": "no-store" };
  return new Response(body, { status, headers });
}
