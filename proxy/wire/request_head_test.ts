import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import fc from "fast-check";
import { HeadParser, holdsHead, MAX_HEAD_BYTES, type WireHead } from "./request_head.ts";

const parser = new HeadParser();

/** Parses text as Latin-1, with bytes before it and a next request behind it. */
function parse(text: string): WireHead {
  const before = "ÿ\r\n\r\n";
  const bytes = Buffer.from(`${before}${text}GET /next HTTP/1.1\r\n\r\n`, "latin1");
  return parser.parse(bytes, before.length);
}

function head(line: string, ...fields: string[]): string {
  return [line, ...fields, "", ""].join("\r\n");
}

/** A head of HTTP/1.1 with a Host and further fields. */
const withFields = (...fields: string[]) => head("PUT /b/k HTTP/1.1", "Host: x", ...fields);

Deno.test("a head is cut as it came: names in lower case, values trimmed, in wire order", () => {
  const text = head(
    "GET /b//a/../k?x=%2F HTTP/1.1",
    "HOST: x:80",
    "X-Amz-Meta-A: \t two  words \t",
    "x-amz-meta-a:",
    "X-Amz-Meta-B:gr\xfcn \x80\x99",
  );
  const parsed = parse(text);
  assert.deepEqual(parsed, {
    method: "GET",
    target: "/b//a/../k?x=%2F",
    minor: 1,
    pairs: [
      ["host", "x:80"],
      ["x-amz-meta-a", "two  words"],
      ["x-amz-meta-a", ""],
      ["x-amz-meta-b", "gr\xfcn \x80\x99"],
    ],
    length: 0,
    expectsContinue: false,
    keepAlive: true,
    size: text.length,
  });
});

Deno.test("names are the same objects again, however many others were seen between", () => {
  for (let i = 0; i < 5000; i++) parse(withFields(`X-Other-${i}: 1`));
  for (const name of ["Range", "RANGE", "range"]) {
    assert.equal(parse(withFields(`${name}: bytes=0-1`)).pairs[1]![0], "range");
  }
});

const REFUSED: readonly (readonly [what: string, text: string])[] = [
  ["no request line", head("", "Host: x")],
  ["a request line of two words", head("GET /", "Host: x")],
  ["a request line of four words", head("GET / / HTTP/1.1", "Host: x")],
  ["two blanks", head("GET  / HTTP/1.1", "Host: x")],
  ["a tab in the request line", head("GET\t/ HTTP/1.1", "Host: x")],
  ["a blank before the method", head(" GET / HTTP/1.1", "Host: x")],
  ["a blank behind the version", head("GET / HTTP/1.1 ", "Host: x")],
  ["a method that is no token", head("G(T / HTTP/1.1", "Host: x")],
  ["a control in the target", head("GET /\x01 HTTP/1.1", "Host: x")],
  ["HTTP/1.2", head("GET / HTTP/1.2", "Host: x")],
  ["HTTP/2.0", head("PRI * HTTP/2.0", "Host: x")],
  ["http in lower case", head("GET / http/1.1", "Host: x")],
  ["a tunnel", head("CONNECT x:443 HTTP/1.1", "Host: x:443")],
  ["no Host", head("GET / HTTP/1.1", "A: b")],
  ["two Hosts", head("GET / HTTP/1.1", "Host: x", "Host: x")],
  ["another host in the target", head("GET http://y/ HTTP/1.1", "Host: x")],
  ["a user in the target", head("GET http://u@x/ HTTP/1.1", "Host: x")],
  ["a line without colon", withFields("A")],
  ["a name of no bytes", withFields(": b")],
  ["a blank before the colon", withFields("A : b")],
  ["a blank before the name", withFields(" A: b")],
  ["a folded line", withFields("A: b", "\tc")],
  ["a name that is no token", withFields("A(: b")],
  ["a name beyond ASCII", withFields("\xc4: b")],
  ["NUL", withFields("A: b\0c")],
  ["a bare CR", withFields("A: b\rc")],
  ["a bare CR before the name", withFields("\rA: b")],
  ["a bare LF", withFields("A: b\nC: d")],
  ["DEL", withFields("A: b\x7f")],
  ["an escape", withFields("A: \x1b[0m")],
  ["two lengths", withFields("Content-Length: 1", "Content-Length: 2")],
  ["a length twice", withFields("Content-Length: 1", "Content-Length: 1")],
  ["a list of lengths", withFields("Content-Length: 1, 1")],
  ["a signed length", withFields("Content-Length: +1")],
  ["a negative length", withFields("Content-Length: -1")],
  ["a hexadecimal length", withFields("Content-Length: 0x1")],
  ["a length of nothing", withFields("Content-Length:")],
  ["a length beyond counting", withFields("Content-Length: 9999999999999999")],
  ["length and chunks", withFields("Content-Length: 1", "Transfer-Encoding: chunked")],
  ["chunks and length", withFields("Transfer-Encoding: chunked", "Content-Length: 1")],
  ["an unknown coding", withFields("Transfer-Encoding: gzip")],
  ["two codings", withFields("Transfer-Encoding: gzip, chunked")],
  ["chunked twice", withFields("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")],
  ["chunked not last", withFields("Transfer-Encoding: chunked, identity")],
  ["chunked with a tail", withFields("Transfer-Encoding: chunked;a=b")],
  ["chunks in HTTP/1.0", head("PUT / HTTP/1.0", "Host: x", "Transfer-Encoding: chunked")],
];

for (const [what, text] of REFUSED) {
  Deno.test(`a head is refused for ${what}`, () => {
    assert.throws(() => parse(text), (error: S3Error) => error.code === "BadRequest");
  });
}

Deno.test("a head has at most 1,000 fields", () => {
  const fields = (count: number) => head("GET / HTTP/1.1", "Host: x", ...Array(count).fill("a: b"));
  assert.equal(parse(fields(999)).pairs.length, 1000);
  assert.throws(
    () => parse(fields(1000)),
    (error: S3Error) => error.code === "RequestHeaderSectionTooLarge",
  );
});

Deno.test("an absolute target is its path; other forms are left as they are", () => {
  const target = (text: string) => parse(head(`GET ${text} HTTP/1.1`, "Host: x:1")).target;
  assert.equal(target("http://x:1/b/k?a=http://y"), "/b/k?a=http://y");
  assert.equal(target("HTTPS://X:1?a"), "/?a");
  assert.equal(target("http://x:1"), "/");
  assert.equal(target("//y/b"), "//y/b");
  assert.equal(target("*"), "*");
  assert.equal(target("b/k"), "b/k");
});

Deno.test("who keeps a connection, and who waits for 100", () => {
  const parsed = (minor: number, ...fields: string[]) =>
    parse(head(`GET / HTTP/1.${minor}`, "Host: x", ...fields));
  assert.equal(parsed(1).keepAlive, true);
  assert.equal(parsed(1, "Connection: te, Close").keepAlive, false);
  assert.equal(parsed(1, "Connection: te", "Connection: close").keepAlive, false);
  assert.equal(parsed(1, "Connection: closed").keepAlive, true);
  assert.equal(parsed(0).keepAlive, false);
  assert.equal(parsed(0, "Connection: Keep-Alive").keepAlive, true);
  assert.equal(parsed(1, "Expect: 100-Continue").expectsContinue, true);
  assert.equal(parsed(1, "Expect: 200-maybe").expectsContinue, false);
  assert.equal(parsed(0, "Expect: 100-continue").expectsContinue, false);
});

Deno.test("HTTP/1.0 needs no Host", () => {
  assert.deepEqual(parse(head("GET / HTTP/1.0")).pairs, [["host", ""]]);
});

const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,80}$/);
const value = fc.stringMatching(
  /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]{0,60}[\x21-\x7e\x80-\xff])?)?$/,
);
const byte = fc.nat(255).map((code) => String.fromCharCode(code));
const RESERVED = /^(host|content-length|transfer-encoding|connection|expect)$/i;

Deno.test("what is written as a head is read as it was written", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(token.filter((name) => !RESERVED.test(name)), value), { maxLength: 20 }),
    (fields) => {
      const parsed = parse(withFields(...fields.map(([name, text]) => `${name}: ${text}`)));
      const expected: HeaderPair[] = fields.map(([name, text]) => [name.toLowerCase(), text]);
      assert.deepEqual(parsed.pairs, [["host", "x"], ...expected]);
    },
  ));
});

Deno.test("whatever comes is read or refused, and nothing behind the head is looked at", () => {
  const piece = fc.constantFrom(
    "\r\n",
    "\r",
    "\n",
    " ",
    ":",
    "GET / HTTP/1.1",
    "Host: x",
    "\0",
    "a",
  );
  const noise = fc.array(fc.oneof(piece, fc.string({ unit: byte, maxLength: 5 }))).map((all) =>
    all.join("")
  );
  fc.assert(
    fc.property(noise, (text) => {
      const bytes = Buffer.from(`${text}\r\n\r\n`, "latin1");
      const first = bytes.indexOf("\r\n\r\n") + 4;
      try {
        assert.equal(parser.parse(bytes, 0).size, first);
      } catch (error) {
        assert.ok(error instanceof S3Error, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("the end of a head is found wherever what came was cut", () => {
  const text = withFields("A: b\r\r\n", "C: d");
  const bytes = Buffer.from(text, "latin1");
  const whole = text.indexOf("\r\n\r\n") + 4;
  for (let cut = 0; cut <= whole; cut++) {
    assert.equal(holdsHead(bytes, 0, cut), cut >= whole, String(cut));
    const searched = Math.min(cut, whole - 1);
    assert.equal(holdsHead(bytes, Math.max(0, searched - 3), whole), true, String(cut));
  }
  assert.ok(MAX_HEAD_BYTES >= whole);
});
