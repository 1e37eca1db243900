import assert from "node:assert/strict";
import { GrpcClient } from "./grpc_client.ts";

const METHOD = "/package.Service/Method";
const HEAD = { "content-type": "application/grpc" };

/** The answer that a call gets from a server that speaks HTTP/2 in clear. */
async function call(
  answer: (request: Request) => Response | Promise<Response>,
  { path = "", message = new Uint8Array(), patienceMs = 5_000 } = {},
): Promise<Uint8Array> {
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  using client = new GrpcClient(
    `http://127.0.0.1:${server.addr.port}${path}`,
    new Map([["api-key", "a secret"]]),
  );
  return await client.call(METHOD, message, patienceMs);
}

function frame(bytes: readonly number[], { flag = 0, length = bytes.length } = {}): BodyInit {
  return new Uint8Array([flag, 0, 0, length >> 8, length & 255, ...bytes]);
}

Deno.test("a call is what the protocol asks for, and gets its message", async () => {
  let seen: unknown;
  let sent: Uint8Array | undefined;
  const answer = await call(async (request) => {
    const { method, url, headers } = request;
    const names = ["content-type", "te", "grpc-timeout", "api-key"];
    seen = [method, new URL(url).pathname, ...names.map((name) => headers.get(name))];
    sent = await request.bytes();
    return new Response(frame([7, 8, 9]), { headers: HEAD });
  }, { message: new Uint8Array(300).fill(1) });
  assert.deepEqual([...answer], [7, 8, 9]);
  const fields = ["application/grpc", "trailers", "5000m", "a secret"];
  assert.deepEqual(seen, ["POST", METHOD, ...fields]);
  assert.deepEqual([...sent!.subarray(0, 5)], [0, 0, 0, 1, 44]);
  assert.equal(sent!.length, 305);
});

Deno.test("a path comes before the method", async () => {
  let path = "";
  await call((request) => {
    path = new URL(request.url).pathname;
    return new Response(frame([]), { headers: HEAD });
  }, { path: "/behind/" });
  assert.equal(path, `/behind${METHOD}`);
});

for (
  const [what, answer, message] of [
    [
      "a status in the head",
      () =>
        new Response(null, {
          headers: { ...HEAD, "grpc-status": "16", "grpc-message": "who%20are%20you%3F" },
        }),
      /^grpc-status 16: who are you\?$/,
    ],
    [
      "a status in words that are wrongly encoded",
      () => new Response(null, { headers: { ...HEAD, "grpc-status": "2", "grpc-message": "5%" } }),
      /^grpc-status 2: 5%$/,
    ],
    ["no message", () => new Response(null, { headers: HEAD }), /without a message/],
    ["a page", () => new Response("hello"), /HTTP status 200, content-type text\/plain/],
    ["a page in clothes", () => new Response("hello", { headers: HEAD }), /compressed/],
    ["a refusal", () => new Response(null, { status: 503 }), /HTTP status 503/],
    ["another place", () => Response.redirect("http://127.0.0.1:1/"), /HTTP status 302/],
    [
      "half a message",
      () => new Response(frame([1], { length: 2 }), { headers: HEAD }),
      /an answer of 6 bytes whose message has 2 by its prefix/,
    ],
    [
      "a compressed message",
      () => new Response(frame([1], { flag: 1 }), { headers: HEAD }),
      /compressed/,
    ],
    [
      "too long an answer",
      () => new Response(new Uint8Array(5 * 1024 * 1024), { headers: HEAD }),
      /over 4194304 bytes/,
    ],
  ] as const
) {
  Deno.test(`${what} is an error that says so`, async () => {
    await assert.rejects(call(answer), { message });
  });
}

Deno.test("a server that says nothing is given up", async () => {
  const left = ({ signal }: Request) =>
    new Promise<Response>((resolve) => {
      signal.addEventListener("abort", () => resolve(new Response()));
    });
  await assert.rejects(call(left, { patienceMs: 100 }), { name: "TimeoutError" });
});

Deno.test("a server that is not there is an error", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  using client = new GrpcClient(`http://127.0.0.1:${port}`, new Map());
  await assert.rejects(client.call(METHOD, new Uint8Array(), 5_000), TypeError);
});
