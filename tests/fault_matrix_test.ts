import assert from "node:assert/strict";
import type { Fault } from "@s3-edge-cache/sim";
import { parseEndpoint } from "@s3-edge-cache/upstream";
import type { Answer, TestRequest } from "./_client.ts";
import { startTestProxy, type TestProxy } from "./_proxy.ts";
import { assertS3Error } from "./_s3_error.ts";

const TARGET = "/bucket/key";
const SIZE = 300_000;
const BODY = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7) % 251);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What a client sees: the right answer, a connection that is cut, or an error of S3's. */
type Outcome = "right" | "cut" | readonly [status: number, code: string];

/** A harm, and what a client sees of it that asks for a body, or for none. */
interface Harm {
  readonly fault: Fault;
  /** How often: reads that got no byte are sent again. */
  readonly times?: number;
  readonly body: readonly Outcome[];
  readonly head: Outcome;
}

const UNAVAILABLE: Outcome = [503, "ServiceUnavailable"];

const HARMS: Readonly<Record<string, Harm>> = {
  "a reset": { fault: { kind: "hang_up" }, times: 3, body: [UNAVAILABLE], head: UNAVAILABLE },
  "a reset, once": { fault: { kind: "hang_up" }, body: ["right"], head: "right" },
  "an answer that is lost": {
    fault: { kind: "lose_answer" },
    times: 3,
    body: [UNAVAILABLE],
    head: UNAVAILABLE,
  },
  "no first byte": {
    fault: { kind: "silence" },
    body: [[504, "GatewayTimeout"]],
    head: [504, "GatewayTimeout"],
  },
  "a cut before the body": { fault: { kind: "cut", bytes: 0 }, body: ["cut"], head: "right" },
  "a cut within the body": { fault: { kind: "cut", bytes: 9 }, body: ["cut"], head: "right" },
  "a body that falls silent": { fault: { kind: "stall", bytes: 9 }, body: ["cut"], head: "right" },
  "a body that is too long": {
    fault: { kind: "overlong", extra: latin1("HTTP/1.1 200 OK\r\n\r\n") },
    body: ["right", "cut"],
    head: "right",
  },
  "a slow first byte and a slow body": {
    fault: { kind: "slow", headMilliseconds: 30, pieceBytes: 50_000, pieceMilliseconds: 3 },
    body: ["right"],
    head: "right",
  },
  "a head that is garbage": {
    fault: { kind: "raw", bytes: latin1("220 smtp.example ESMTP\r\n\r\n") },
    times: 3,
    body: [UNAVAILABLE],
    head: UNAVAILABLE,
  },
  "half a head": {
    fault: { kind: "raw", bytes: latin1("HTTP/1.1 200 OK\r\nContent-Le") },
    times: 3,
    body: [UNAVAILABLE],
    head: UNAVAILABLE,
  },
  "a 500": {
    fault: { kind: "error", status: 500, code: "InternalError" },
    body: [[500, "InternalError"]],
    head: [500, "InternalError"],
  },
  "a 503": {
    fault: { kind: "error", status: 503, code: "SlowDown" },
    body: [[503, "SlowDown"]],
    head: [503, "SlowDown"],
  },
};

const REQUESTS: Readonly<Record<string, TestRequest>> = {
  "the whole": { target: TARGET },
  "a range": { target: TARGET, headers: [["range", "bytes=100-200000"]] },
  "a HEAD": { method: "HEAD", target: TARGET },
};

/** How many ask at once. */
const CLIENTS = [1, 5] as const;

function isRight(answer: Answer, { method, headers = [] }: TestRequest): boolean {
  if (method === "HEAD") return answer.status === 200;
  const whole = headers.length === 0;
  const wanted = whole ? BODY : BODY.subarray(100, 200_001);
  return answer.status === (whole ? 200 : 206) &&
    new Uint8Array(answer.body).every((byte, i) => byte === wanted[i]) &&
    answer.body.length === wanted.length;
}

async function outcomeOf(sent: Promise<Answer>, request: TestRequest): Promise<Outcome> {
  let answer: Answer;
  try {
    answer = await sent;
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    assert.match(String(code ?? cause?.code), /UND_ERR_SOCKET|ECONNRESET/);
    return "cut";
  }
  if (isRight(answer, request)) return "right";
  assert.ok(answer.status >= 500, `${answer.status} ${answer.text.slice(0, 200)}`);
  const code = /<Code>([^<]+)/.exec(answer.text)?.[1];
  return [answer.status, code ?? ""];
}

async function assertHealthy({ client }: TestProxy): Promise<void> {
  for (const outcome of ["MISS", "HIT"]) {
    const answer = await client.get(TARGET);
    assert.deepEqual([answer.status, answer.header("x-cache")], [200, outcome]);
    assert.deepEqual(answer.body, BODY);
  }
}

for (const [name, harm] of Object.entries(HARMS)) {
  for (const [what, request] of Object.entries(REQUESTS)) {
    for (const clients of CLIENTS) {
      Deno.test(`${name} of the origin, asked by ${clients} for ${what}`, async () => {
        await using proxy = await startTestProxy({
          upstream: { firstByteTimeoutMs: 300, idleTimeoutMs: 300 },
        });
        const { origin, client } = proxy;
        origin.put("bucket", "key", BODY);
        origin.fault({}, harm.fault, harm.times ?? 1);
        const sent = Array.from({ length: clients }, () => client.send(request));
        const outcomes = await Promise.all(sent.map((one) => outcomeOf(one, request)));
        const harmed = request.method === "HEAD" ? [harm.head] : harm.body;
        // Whoever does not follow the harmed answer sees none of the harm.
        const seen = outcomes.filter((outcome) => outcome !== "right").map(bare(request));
        const allowed = harmed.map(bare(request)).map(String);
        for (const outcome of seen) assert.ok(allowed.includes(String(outcome)), `${outcome}`);
        if (clients === 1) assert.ok(seen.length === 1 || allowed.includes("right"));
        origin.reset();
        if (seen.length === outcomes.length) {
          assert.equal((await proxy.cache.stats()).entries, 0, "something of it is held");
        }
        await proxy.client.put("/bucket/other", "x");
        await proxy.client.delete(TARGET);
        origin.put("bucket", "key", BODY);
        await assertHealthy(proxy);
      });
    }
  }
}

/** A HEAD has no document: its errors are known by their status only. */
function bare({ method }: TestRequest): (outcome: Outcome) => Outcome | number {
  return (outcome) => method === "HEAD" && typeof outcome !== "string" ? outcome[0] : outcome;
}

/** A certificate that nobody has signed, of a key that is no secret; see tests/testdata. */
async function selfSigned(): Promise<{ cert: string; key: string }> {
  const read = (name: string) => Deno.readTextFile(new URL(`testdata/${name}`, import.meta.url));
  return { cert: await read("untrusted_cert.pem"), key: await read("untrusted_key.pem") };
}

Deno.test("an origin whose certificate nobody vouches for is ServiceUnavailable, and never asked", async () => {
  let asked = 0;
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    ...await selfSigned(),
  }, () => {
    asked++;
    return new Response("secret");
  });
  const endpoint = parseEndpoint(`https://127.0.0.1:${server.addr.port}`);
  await using proxy = await startTestProxy({ upstream: { endpoint } });
  assertS3Error(await proxy.client.get(TARGET), 503, "ServiceUnavailable");
  assertS3Error(await proxy.client.put(TARGET, "x"), 503, "ServiceUnavailable");
  assert.equal(asked, 0);
});

Deno.test("an origin that does not speak TLS where it should is ServiceUnavailable", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = listener.addr.port;
  let heard = 0;
  const served = (async () => {
    for await (const conn of listener) {
      heard++;
      await conn.read(new Uint8Array(1024));
      await conn.write(latin1("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
      conn.close();
    }
  })();
  {
    const endpoint = parseEndpoint(`https://127.0.0.1:${port}`);
    await using proxy = await startTestProxy({ upstream: { endpoint } });
    assertS3Error(await proxy.client.get(TARGET), 503, "ServiceUnavailable");
  }
  assert.ok(heard > 0);
  listener.close();
  await served;
});
