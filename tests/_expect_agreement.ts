/**
 * A read through the proxy, held against the origin's own answer.
 *
 * @module
 */
import assert from "node:assert/strict";
import { assertAgree } from "./_agreement.ts";
import type { Answer, TestRequest } from "./_client.ts";
import type { TestProxy } from "./_proxy.ts";

/**
 * Sends, expects this `x-cache` and the answer that the origin itself gives.
 *
 * @param cache What `x-cache` says; a HIT costs the origin no request, all else one.
 */
export async function expectAgreement(
  proxy: TestProxy,
  request: TestRequest,
  cache: string,
): Promise<Answer> {
  const before = proxy.origin.calls.length;
  const answer = await proxy.client.send(request);
  const name = JSON.stringify(request);
  assert.equal(answer.header("x-cache"), cache, name);
  assert.equal(proxy.origin.calls.length - before, cache === "HIT" ? 0 : 1, name);
  assertAgree(answer, await proxy.direct.send(request), name);
  return answer;
}
