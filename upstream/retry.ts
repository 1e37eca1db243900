/**
 * Sending again what did not reach the origin.
 *
 * @module
 */
import type { UpstreamRequest, UpstreamResponse } from "./client.ts";
import { isUnreachable } from "./failure.ts";
import type { UpstreamOptions } from "./options.ts";

/** First wait between two attempts, in milliseconds; it doubles with each. */
const BASE_DELAY_MS = 25;

/** Methods that leave the origin as it was, however often they arrive (RFC 9110, 9.2.1). */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Sends a request, and sends it again while it finds no origin.
 *
 * Only a safe request without a body is repeated, and only while not one byte of an answer has
 * come: a lost DELETE may have been carried out, and a second one would leave a second marker.
 * Attempt n waits a random time of up to 25 ms x 2^n before it.
 *
 * @param options The most attempts, and the source of randomness.
 * @param request What is sent.
 * @param send Sends it once.
 * @throws The last attempt's error.
 */
export async function withRetries(
  options: Pick<UpstreamOptions, "maxAttempts" | "random">,
  request: Pick<UpstreamRequest, "method" | "body" | "signal">,
  send: () => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  const repeatable = request.body === null && SAFE_METHODS.has(request.method);
  for (let attempt = 1;; attempt++) {
    try {
      return await send();
    } catch (error) {
      const last = attempt >= options.maxAttempts || request.signal?.aborted === true;
      if (!repeatable || last || !isUnreachable(error)) throw error;
    }
    await delay(options.random() * BASE_DELAY_MS * 2 ** attempt);
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
