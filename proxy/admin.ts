/**
 * The admin listener: whether the proxy lives, and whether it takes requests.
 *
 * @module
 */

/**
 * Answers the admin listener.
 *
 * @param isReady Whether the proxy takes requests.
 * @returns A handler for `Deno.serve`: `/healthz` is 200 as long as the process answers;
 * `/readyz` is 200, and 503 once it drains.
 */
export function adminFront(isReady: () => boolean): (request: Request) => Response {
  return (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== "/healthz" && pathname !== "/readyz") return plain(404, "not found");
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plain(405, "method not allowed");
    }
    return pathname === "/healthz" || isReady() ? plain(200, "ok") : plain(503, "draining");
  };
}

function plain(status: number, text: string): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  return new Response(`${text}\n`, { status, headers });
}
