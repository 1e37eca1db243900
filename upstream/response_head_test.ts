import assert from "node:assert/strict";
import { MalformedAnswer, ResponseHeads } from "./response_head.ts";

function parse(text: string, method = "GET") {
  return new ResponseHeads().parse(text.replaceAll("\n", "\r\n"), method);
}

Deno.test("fields keep their order and bytes, those of the connection are left out", () => {
  const head = parse(
    'HTTP/1.1 200 OK\nETag: "a"\nX-Amz-Meta-A:\t caf\u00c3\u00a9 \nConnection: X-B\nX-B: 1',
  );
  assert.equal(head.status, 200);
  assert.deepEqual(head.headers, [["etag", '"a"'], ["x-amz-meta-a", "caf\u00c3\u00a9"]]);
});

for (
  const [text, method, framing] of [
    ["HTTP/1.1 200 OK\nContent-Length: 5", "GET", { kind: "length", length: 5 }],
    ["HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5", "GET", { kind: "length", length: 5 }],
    ["HTTP/1.1 200 OK\nContent-Length: 5", "HEAD", { kind: "none" }],
    ["HTTP/1.1 304 Not Modified\nContent-Length: 5", "GET", { kind: "none" }],
    ["HTTP/1.1 204 No Content", "GET", { kind: "none" }],
    ["HTTP/1.1 200\nTransfer-Encoding: Chunked", "GET", { kind: "chunked" }],
    ["HTTP/1.1 200 OK", "GET", { kind: "until-close" }],
  ] as const
) {
  Deno.test(`framing of ${JSON.stringify(text)} to ${method}`, () => {
    assert.deepEqual(parse(text, method).framing, framing);
  });
}

for (
  const [text, keepAlive] of [
    ["HTTP/1.1 200 OK", true],
    ["HTTP/1.1 200 OK\nConnection: keep-alive, Close", false],
    ["HTTP/1.0 200 OK", false],
    ["HTTP/1.0 200 OK\nConnection: Keep-Alive", true],
  ] as const
) {
  Deno.test(`the connection after ${JSON.stringify(text)}`, () => {
    assert.equal(parse(text).keepAlive, keepAlive);
  });
}

for (
  const text of [
    "",
    "HTTP/2 200",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 099 OK",
    "HTTP/1.1 101 Switching Protocols",
    "HTTP/1.1 205 Reset Content",
    "HTTP/1.1 600 Beyond",
    "HTTP/1.1 200 O\0K",
    "HTTP/1.1 200 OK\nno field",
    "HTTP/1.1 200 OK\n: nameless",
    "HTTP/1.1 200 OK\nspace : before",
    "HTTP/1.1 200 OK\nA: folded\n b",
    "HTTP/1.1 200 OK\nA: bare\rreturn",
    "HTTP/1.1 200 OK\nContent-Length: -1",
    "HTTP/1.1 200 OK\nContent-Length: 1, 1",
    "HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 2",
    "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked",
    "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked",
    "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 1",
  ]
) {
  Deno.test(`no answer: ${JSON.stringify(text)}`, () => {
    assert.throws(() => parse(text), MalformedAnswer);
  });
}
