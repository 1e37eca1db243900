import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  answer,
  type Answers,
  echo,
  type FrontName,
  shared,
  source,
  startFront,
} from "./_front.ts";

/** As much as `Deno.serve` sends in one chunk. */
const LARGE = "0123456789abcdef".repeat(4096);
const later = <T>(value: T) => Promise.resolve(value);

/** Every kind of answer that a pipeline gives. */
const ANSWERS: Answers = {
  echo,
  bytes: () => answer(200, [["content-type", "a/b"], ["content-length", "3"]], "abc"),
  unmeasured: () => answer(200, [["etag", '"gr\xfcn"']], "abc"),
  later: () => later(answer(200, [["x-amz-meta-a", "1"], ["x-amz-meta-a", "2"]], "abc")),
  none: () => answer(200, [], null),
  head: () => answer(200, [["content-length", "12345"]], null),
  "unknown-head": () => answer(200, [["etag", '"a"']], null),
  "no-content": () => answer(204, [["x-amz-version-id", "1"]], null),
  "not-modified": () => answer(304, [["etag", '"a"']], null),
  partial: () => answer(206, [["content-range", "bytes 0-2/9"], ["content-length", "3"]], "abc"),
  redirect: () => answer(307, [["location", "http://other/"], ["content-length", "1"]], "x"),
  error: () => answer(404, [["content-type", "application/xml"], ["content-length", "4"]], "<E/>"),
  unavailable: () => answer(503, [["retry-after", "1"], ["content-length", "1"]], "x"),
  source: (_, seen) =>
    answer(
      200,
      [["content-length", String(LARGE.length + 3)]],
      source(seen, [shared(LARGE), later(shared("abc"))]),
    ),
  chunks: (_, seen) => answer(200, [], source(seen, [shared("abc"), later(shared(LARGE))])),
  "no-chunks": (_, seen) => answer(200, [], source(seen, [])),
};

/** Answers whose body breaks off. */
const BROKEN: Answers = {
  echo,
  short: (_, seen) => answer(200, [["content-length", "9"]], source(seen, [shared("abc")])),
  "short-later": (_, seen) =>
    answer(200, [["content-length", "9"]], source(seen, [shared("abc"), later(undefined)])),
  failing: (_, seen) =>
    answer(200, [["content-length", "9"]], source(seen, [shared("abc"), new Error("failed")])),
  "failing-later": (_, seen) =>
    answer(
      200,
      [["content-length", "9"]],
      source(seen, [shared("abc"), Promise.reject(new Error("failed"))]),
    ),
  "failing-chunks": (_, seen) =>
    answer(200, [], source(seen, [shared("abc"), later(shared("def")), new Error("failed")])),
};

/** Sends bytes, and gives all that comes back until the connection ends. */
async function exchange(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  using conn = await Deno.connect({ hostname, port: Number(port) });
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  let received = "";
  const buffer = Buffer.alloc(64 * 1024);
  for (;;) {
    const count = await conn.read(buffer).catch(() => null);
    if (count === null) return received;
    received += buffer.toString("latin1", 0, count);
  }
}

/** An answer without what differs from request to request. */
function comparable(received: string): string {
  return received
    .replace(/^x-amz-request-id: [0-9A-Z]{16}\r\n/gm, "x-amz-request-id: ID\r\n")
    .replace(/^x-amz-id-2: [\w+/=]{48}\r\n/gm, "x-amz-id-2: ID\r\n")
    .replace(/^date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/gm, "date: NOW\r\n")
    .replace(/<RequestId>.*<\/HostId>/g, "<IDS/>");
}

/** What both fronts answer to some bytes. */
async function ask(text: string, answers = ANSWERS): Promise<Record<FrontName, string>> {
  await using wire = startFront("wire", answers);
  await using serve = startFront("serve", answers);
  const received = await Promise.all([exchange(wire.url, text), exchange(serve.url, text)]);
  assert.deepEqual(wire.events, []);
  for (const { releases } of [...wire.seen, ...serve.seen]) assert.ok(releases <= 1);
  return { wire: comparable(received[0]), serve: comparable(received[1]) };
}

const LAST = "Connection: close";

function request(line: string, ...fields: string[]): string {
  return [`${line} HTTP/1.1`, "Host: x", ...fields, "", ""].join("\r\n");
}

/** Requests to which both fronts answer the same, byte for byte. */
const SAME: readonly (readonly [what: string, text: string])[] = [
  ...Object.keys(ANSWERS).flatMap((path) =>
    [
      [`GET ${path}`, request(`GET /${path}`, LAST)],
      [`HEAD ${path}`, request(`HEAD /${path}`, LAST)],
    ] as const
  ),
  ["a connection that is kept", request("GET /bytes") + request("GET /source", LAST)],
  [
    "requests at once",
    ["none", "chunks", "not-modified", "no-content", "bytes", "error", "later"]
      .map((path) => request(`GET /${path}`)).join("") + request("HEAD /source", LAST),
  ],
  ["HTTP/1.0", "GET /bytes HTTP/1.0\r\nHost: x\r\n\r\n"],
  ["HTTP/1.0 without Host", "GET /bytes HTTP/1.0\r\n\r\n"],
  [
    "HTTP/1.0 that is kept",
    "GET /bytes HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\nGET /error HTTP/1.0\r\n\r\n",
  ],
  ["HTTP/1.0 and a body of unknown length", "GET /chunks HTTP/1.0\r\n\r\n"],
  ["HTTP/1.0 and a source", "GET /source HTTP/1.0\r\n\r\n"],
  ["a target with everything", request("GET /a//b/../%2e%2e/./c%zz;=@:+?x=%2F&y&=1?", LAST)],
  ["an absolute target", request("GET http://x/echo?a", LAST)],
  ["an odd method", request("F-O_O /echo", LAST)],
  ["a method in lower case", request("get /echo", LAST)],
  ["odd fields", request("GET /echo", "A:\t b\t", "B:", "X!#$%&'*+-.^_`|~: \xe9\x80", LAST)],
  ["repeated fields", request("GET /echo", "A: 1", "a: 2", "A: ", LAST)],
  ["an empty line before", `\r\n${request("GET /bytes", LAST)}`],
  ["a body by length", `${request("PUT /echo", "Content-Length: 3", LAST)}abc`],
  ["a large body", `${request("PUT /echo", `Content-Length: ${LARGE.length}`, LAST)}${LARGE}`],
  ["a body of none", request("PUT /echo", "Content-Length: 0", LAST)],
  ["a body of DELETE", `${request("DELETE /echo", "Content-Length: 3", LAST)}abc`],
  [
    "a body in chunks",
    `${
      request("PUT /echo", "Transfer-Encoding: Chunked", LAST)
    }3\r\nabc\r\n1;a=b\r\nd\r\n0\r\n\r\n`,
  ],
  [
    "bodies on a connection that is kept",
    `${request("PUT /echo", "Content-Length: 3")}abc` +
    `${request("PUT /echo", "Transfer-Encoding: chunked")}A\r\n0123456789\r\n0\r\nt: 1\r\n\r\n` +
    request("GET /bytes", LAST),
  ],
  [
    "a body that nobody reads",
    `${request("PUT /bytes", "Content-Length: 3")}abc${request("GET /bytes", LAST)}`,
  ],
  ["an upgrade", request("GET /echo", "Connection: upgrade, close", "Upgrade: h2c")],
  ["a Host that would end the authority", request("GET /echo", LAST).replace("x", "a/b")],
];

for (const [what, text] of SAME) {
  Deno.test(`fronts answer the same: ${what}`, async () => {
    const { wire, serve } = await ask(text);
    assert.equal(wire, serve);
    assert.ok(wire.startsWith("HTTP/1."));
  });
}

for (const path of Object.keys(BROKEN).filter((path) => path !== "echo")) {
  Deno.test(`fronts cut the connection of a body that breaks off: ${path}`, async () => {
    const { wire, serve } = await ask(request(`GET /${path}`), BROKEN);
    for (const received of [wire, serve]) {
      assert.ok(received === "" || received.startsWith("HTTP/1.1 200 OK\r\n"), received);
      assert.ok(!/\r\n0\r\n\r\n$/.test(received), received);
      const [head, body = ""] = received.split("\r\n\r\n");
      assert.ok(head!.includes("chunked") || body.length < 9, received);
    }
  });
}

Deno.test("a body that is longer than announced is cut where it should end, or before", async () => {
  const answers: Answers = {
    echo,
    long: (_, seen) =>
      answer(200, [["content-length", "4"]], source(seen, [shared("abc"), shared("def")])),
  };
  const { wire } = await ask(request("GET /long", LAST), answers);
  assert.ok((wire.split("\r\n\r\n")[1] ?? "").length < 4);
});

/** Requests that both fronts refuse, and then hang up. */
const REFUSED: readonly (readonly [what: string, text: string])[] = [
  ["no request", "EHLO example.com\r\n\r\n"],
  ["another version", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"],
  ["two blanks", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a control in the target", request("GET /\x01")],
  ["two Hosts", request("GET /", "Host: x")],
  ["a folded line", request("GET /", "A: b", " c")],
  ["a blank before the colon", request("GET /", "A : b")],
  ["NUL", request("GET /", "A: b\0c")],
  ["a bare CR", request("GET /", "A: b\rc")],
  ["DEL", request("GET /", "A: b\x7f")],
  ["two lengths", request("PUT /", "Content-Length: 1", "Content-Length: 2") + "ab"],
  ["a list of lengths", request("PUT /", "Content-Length: 1, 1") + "a"],
  ["a signed length", request("PUT /", "Content-Length: +1") + "a"],
  ["length and chunks", request("PUT /", "Content-Length: 1", "Transfer-Encoding: chunked")],
  ["an unknown coding", request("PUT /", "Transfer-Encoding: gzip")],
];

for (const [what, text] of REFUSED) {
  Deno.test(`fronts refuse ${what}, and what comes behind it`, async () => {
    const { wire, serve } = await ask(text + request("GET /bytes"));
    for (const received of [wire, serve]) {
      assert.ok(received.startsWith("HTTP/1.1 400 Bad Request\r\n"), received);
      assert.equal(received.split("HTTP/1.1 ").length, 2, received);
    }
    assert.ok(wire.includes("<Code>BadRequest</Code>"), wire);
    assert.ok(wire.includes("\r\nconnection: close\r\n"), wire);
  });
}

/** Requests that `Deno.serve` lets pass, and `wire` refuses: servers read them in two ways. */
const STRICTER: readonly (readonly [what: string, text: string])[] = [
  ["bare LF as line ends", "GET /bytes HTTP/1.1\nHost: x\nConnection: close\n\n\r\n\r\n"],
  ["no Host", `GET /bytes HTTP/1.1\r\n${LAST}\r\n\r\n`],
  ["a target that names another host", request("GET http://y/bytes", LAST)],
  ["a length twice", request("PUT /bytes", "Content-Length: 1", "Content-Length: 1", LAST) + "a"],
  [
    "a coding before chunked",
    request("PUT /bytes", "Transfer-Encoding: gzip, chunked", LAST) + "0\r\n\r\n",
  ],
  ["a tunnel", request("CONNECT x:443", LAST)],
];

for (const [what, text] of STRICTER) {
  Deno.test(`wire is stricter than Deno.serve: ${what}`, async () => {
    const { wire, serve } = await ask(text);
    assert.ok(wire.startsWith("HTTP/1.1 400 Bad Request\r\n"), wire);
    assert.ok(!serve.startsWith("HTTP/1.1 400 Bad Request\r\n"), serve);
  });
}
