/**
 * The same request four times: straight to the origin, through a proxy that holds nothing, through
 * one that holds its object, and through one that another client is filling with it. The answers
 * must agree.
 *
 * @module
 */
import { assertAgree } from "./_agreement.ts";
import type { Answer, TestRequest } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import type { TestProxy } from "./_proxy.ts";

/** The answers. */
export interface Comparison {
  readonly direct: Answer;
  readonly cold: Answer;
  readonly warm: Answer;
  readonly following: Answer;
}

/**
 * Sends a request that changes nothing, and compares the answers.
 *
 * @throws {AssertionError} if status, an end-to-end field or the body differ.
 */
export async function differential(proxy: TestProxy, request: TestRequest): Promise<Comparison> {
  const direct = await proxy.direct.send(request);
  await forget(proxy);
  const cold = await proxy.client.send(request);
  if (isRead(request)) await proxy.client.send(wholeObject(request));
  const warm = await proxy.client.send(request);
  const following = isRead(request) ? await follow(proxy, request) : warm;
  const name = `${request.method ?? "GET"} ${request.target}`;
  assertAgree(cold, direct, `${name}, cold`);
  assertAgree(warm, direct, `${name}, warm`);
  assertAgree(following, direct, `${name}, following`);
  return { direct, cold, warm, following };
}

/** Drops every entry. */
export async function forget({ cache }: TestProxy): Promise<void> {
  const write = await cache.beginWrite({ prefix: "" });
  await write.end();
}

/** Sends a request while another client's request of its whole object is held at the origin. */
async function follow(proxy: TestProxy, request: TestRequest): Promise<Answer> {
  const { cache, client, origin } = proxy;
  await forget(proxy);
  using held = origin.hold({ operation: "GetObject", phase: "head" });
  const leader = client.send(wholeObject(request));
  await Promise.race([held.arrived, leader]);
  const calls = origin.calls.length;
  let answered = false;
  const follower = client.send(request).finally(() => answered = true);
  await eventually(
    async () => answered || origin.calls.length > calls || (await cache.stats()).leases > 0,
    "the request follows, or goes its own way",
  );
  held.release();
  await leader;
  return await follower;
}

function isRead({ method = "GET" }: TestRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** A request that brings the whole object of a read into the cache. */
function wholeObject({ target, headers = [] }: TestRequest): TestRequest {
  const kept = headers.filter(([name]) => name === "host" || name === "x-amz-checksum-mode");
  return { target, headers: kept };
}
