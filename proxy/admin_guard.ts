/**
 * Who may talk to the admin listener.
 *
 * It asks for no password, for it listens on loopback unless told otherwise. But a browser on the
 * same machine takes orders from every page it shows: a page may send requests here (cross-site
 * request forgery), or have its own name resolved to this address and read the answers (DNS
 * rebinding). So a request must name this listener by its address or by a name that the settings allow; and one that changes something must not come from another site's page.
 *
 * @module
 */

/** Pages that machines ask for by whatever name they know the host: they tell no keys. */
const OPEN_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * Why a request is turned away, if it is.
 *
 * @param request The request.
 * @param path Its path.
 * @param names Host names that are good beside addresses, in lower case.
 * @returns One line for people, or `undefined` if the request may pass.
 */
export function turnAway(
  request: Request,
  path: string,
  names: ReadonlySet<string>,
): string | undefined {
  if (OPEN_PATHS.has(path)) return undefined;
  const host = (request.headers.get("host") ?? "").toLowerCase();
  const name = host.replace(/:\d+$/, "");
  if (!isAddress(name) && !names.has(name)) {
    return `unknown host ${
      JSON.stringify(name)
    }; allowed: an IP address, and the names in ADMIN_ALLOWED_HOSTS`;
  }
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isOwn = (origin === null || origin.replace(/^https?:\/\//, "") === host) &&
    (site === null || site === "same-origin" || site === "none");
  return isOwn ? undefined : "requests from pages of other sites are refused";
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}
