/**
 * The access log: one line of JSON a request.
 *
 * @module
 */
import { answerId } from "./answer_fields.ts";
import { displayKey } from "./display_key.ts";
import type { RequestObserver } from "./record.ts";

/**
 * An observer that writes a line of each request. It tells nothing of a signature, of a query, or
 * of header fields but Range.
 *
 * @param write Takes a line, without its line break; never waits.
 * @param now The clock, in milliseconds since the epoch.
 */
export function logAccess(write: (line: string) => void, now: () => number): RequestObserver {
  return ({ id, trace, headers }, response) => {
    const { route, keyId, status, bytes, outcome, durationMs, upstreamMs } = trace;
    write(jsonLine({
      time: new Date(now() - durationMs).toISOString(),
      keyId: keyId ?? null,
      operation: route?.operation.name ?? null,
      bucket: route?.bucket || null,
      key: route === undefined || route.key === "" ? null : displayKey(route.key),
      version: route?.versionId ?? null,
      range: headers.get("range") ?? null,
      status,
      bytes,
      outcome,
      durationMs: rounded(durationMs),
      upstreamMs: upstreamMs === undefined ? null : rounded(upstreamMs),
      requestId: answerId(response, id),
    }));
  };
}

/** What JSON leaves as it is, and terminals and line readers may not. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029]/g;

function jsonLine(value: object): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** To a microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
