import assert from "node:assert/strict";
import { S3Error } from "@s3-edge-cache/s3";
import { upstreamFailure } from "./failure.ts";
import { withRetries } from "./retry.ts";

const OPTIONS = { maxAttempts: 3, random: () => 0 };
const RESET = upstreamFailure(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
const TIMEOUT = upstreamFailure(
  Object.assign(new Error("slow"), { code: "UND_ERR_HEADERS_TIMEOUT" }),
);

/** Sends a request that fails `failures` times, and gives the number of attempts. */
async function attempts(
  method: string,
  failures: number,
  error: unknown = RESET,
  more: { body?: () => ReadableStream<Uint8Array>; signal?: AbortSignal } = {},
): Promise<{ count: number; answered: boolean }> {
  let count = 0;
  const send = () => {
    count++;
    return count <= failures
      ? Promise.reject(error)
      : Promise.resolve({ status: 200, headers: [], body: null });
  };
  try {
    await withRetries(OPTIONS, { method, body: null, signal: undefined, ...more }, send);
    return { count, answered: true };
  } catch (thrown) {
    assert.equal(thrown, error);
    return { count, answered: false };
  }
}

for (const method of ["GET", "HEAD", "OPTIONS"]) {
  Deno.test(`a ${method} that found no origin is sent again, up to the most attempts`, async () => {
    assert.deepEqual(await attempts(method, 2), { count: 3, answered: true });
    assert.deepEqual(await attempts(method, 9), { count: 3, answered: false });
  });
}

for (const method of ["DELETE", "POST", "PUT", "PATCH"]) {
  Deno.test(`a ${method} is sent once: it may have been carried out`, async () => {
    assert.deepEqual(await attempts(method, 1), { count: 1, answered: false });
  });
}

Deno.test("a request with a body is sent once", async () => {
  const body = () => new ReadableStream<Uint8Array>();
  assert.deepEqual(await attempts("GET", 1, RESET, { body }), { count: 1, answered: false });
});

Deno.test("a request that timed out is not sent again", async () => {
  assert.deepEqual(await attempts("GET", 1, TIMEOUT), { count: 1, answered: false });
});

Deno.test("a request that nobody waits for is not sent again", async () => {
  const signal = AbortSignal.abort();
  assert.deepEqual(await attempts("GET", 1, RESET, { signal }), { count: 1, answered: false });
});

Deno.test("failures have Amazon's names", () => {
  assert.equal((RESET as S3Error).code, "ServiceUnavailable");
  assert.equal((TIMEOUT as S3Error).code, "GatewayTimeout");
  const own = new S3Error("BadDigest");
  assert.equal(upstreamFailure(own), own);
  const abort = new DOMException("left", "AbortError");
  assert.equal(upstreamFailure(abort), abort);
});
