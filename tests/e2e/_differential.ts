/**
 * The differential check on a real S3 server: through the proxy, cold, warm and beside others, an
 * answer is what it is directly, to the message of an error.
 *
 * @module
 */
import { assertAgree, type Comparable, type Mask } from "../_agreement.ts";
import type { Answer, TestRequest } from "../_client.ts";
import type { Fixture } from "./_fixture.ts";

/** Answers to a range or condition that the cache words itself. */
const OWN_STATUSES: ReadonlySet<number> = new Set([304, 412, 416]);

/** How many ask at once for an object that is not held. */
const CROWD = 4;

/**
 * Holds an answer through the proxy against the direct one.
 *
 * @param proxied What the proxy answered.
 * @param direct What the origin answered.
 * @param what Shown where they differ.
 * @param mask What may differ beside.
 */
export function assertSameAnswer(
  proxied: Answer,
  direct: Answer,
  what: string,
  mask: Mask = (answer) => answer,
): void {
  const own = isFromEntry(proxied) && OWN_STATUSES.has(proxied.status);
  assertAgree(proxied, direct, what, own ? statusAndCode : mask);
}

/** Whether an answer was made from an entry, be it one that was fetched whole just now. */
function isFromEntry(answer: Answer): boolean {
  return ["HIT", "FOLLOW"].includes(answer.header("x-cache") ?? "") ||
    (answer.header("cache-status") ?? "").includes("; stored");
}

/**
 * Sends a request that changes nothing: through the proxy, again after its object has been read
 * whole, and directly.
 *
 * @param fixture The servers.
 * @param request The request; nothing of its object is in the cache yet.
 * @param what Shown where the answers differ.
 * @returns The warm answer.
 */
export async function assertTransparent(
  { client, direct }: Fixture,
  request: TestRequest,
  what: string,
): Promise<Answer> {
  const cold = await client.send(request);
  const [path] = request.target.split("?");
  if (path!.split("/").length > 2) await client.get(path!);
  const warm = await client.send(request);
  const truth = await direct.send(request);
  assertSameAnswer(cold, truth, `${what}, cold`);
  assertSameAnswer(warm, truth, `${what}, warm`);
  return warm;
}

/**
 * Sends a request many times at once beside a read of its whole object.
 *
 * @param fixture The servers.
 * @param request The request; nothing of its object is in the cache yet.
 * @param what Shown where the answers differ.
 */
export async function assertTransparentInCrowd(
  { client, direct }: Fixture,
  request: TestRequest,
  what: string,
): Promise<void> {
  const [path] = request.target.split("?");
  const leader = client.get(path!);
  const crowd = await Promise.all(Array.from({ length: CROWD }, () => client.send(request)));
  await leader;
  const truth = await direct.send(request);
  for (const answer of crowd) assertSameAnswer(answer, truth, `${what}, in a crowd`);
}

/**
 * What is left to agree of an answer that the cache words itself: versitygw's 304 lacks the
 * fields that it should have, and its error documents say less than Amazon's.
 */
function statusAndCode({ status, body }: Comparable): Comparable {
  return { status, headers: [], body: /<Code>[^<]*/.exec(body)?.[0] ?? "" };
}
