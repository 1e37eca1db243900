import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { S3Error } from "@s3-edge-cache/s3";
import fc from "fast-check";
import { ChunkedDecoder } from "./chunked_decoder.ts";

/** What a decoder made of bytes: data, whether the body ended, and what was left behind it. */
interface Decoded {
  readonly data: string;
  readonly ended: boolean;
  readonly rest: string;
}

/** Decodes pieces as they come. */
function decode(pieces: readonly string[]): Decoded {
  const decoder = new ChunkedDecoder();
  let data = "";
  let rest = "";
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, "latin1");
    let at = 0;
    while (at < bytes.length && !decoder.ended) {
      at = decoder.readFraming(bytes, at, bytes.length);
      const count = Math.min(decoder.dataLeft, bytes.length - at);
      if (count === 0) continue;
      data += bytes.toString("latin1", at, at + count);
      decoder.tookData(count);
      at += count;
    }
    rest += bytes.toString("latin1", at);
  }
  return { data, ended: decoder.ended, rest };
}

const BODY =
  '3\r\nabc\r\n00A;name="v a";x\r\n0123456789\r\n0\r\nx-amz-checksum-crc32: a\r\nb:\r\n\r\n';

Deno.test("a body in chunks is the same wherever it is cut, up to its end and no further", () => {
  const expected = { data: "abc0123456789", ended: true, rest: "GET /" };
  const text = `${BODY}GET /`;
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second += 7) {
      const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      assert.deepEqual(decode(pieces), expected);
    }
  }
  assert.deepEqual(decode([...text]), expected);
});

Deno.test("what is framed as chunks is what comes out", () => {
  const byte = fc.nat(255).map((code) => String.fromCharCode(code));
  const chunk = fc.string({ unit: byte, minLength: 1, maxLength: 40 });
  fc.assert(fc.property(fc.array(chunk), fc.nat(60), (chunks, size) => {
    const text = chunks.map((data) => `${data.length.toString(16)}\r\n${data}\r\n`).join("");
    const framed = `${text}0\r\n\r\n`;
    const pieces = framed.match(new RegExp(`[^]{1,${size + 1}}`, "g"))!;
    assert.deepEqual(decode(pieces), { data: chunks.join(""), ended: true, rest: "" });
  }));
});

const REFUSED: readonly (readonly [what: string, text: string])[] = [
  ["no size", "\r\nabc\r\n"],
  ["a size that is no number", "x\r\nabc"],
  ["a signed size", "+3\r\nabc\r\n"],
  ["a size with a prefix", "0x3\r\nabc\r\n"],
  ["a blank before the size", " 3\r\nabc\r\n"],
  ["a blank behind the size", "3 \r\nabc\r\n"],
  ["a size beyond counting", "10000000000000\r\nabc"],
  ["a bare LF behind the size", "3\nabc\r\n"],
  ["a bare CR behind the size", "3\rabc\r\n"],
  ["a bare CR in an extension", "3;a\rb\r\nabc\r\n"],
  ["a bare LF in an extension", "3;a\nb\r\nabc\r\n"],
  ["NUL in an extension", "3;a\0\r\nabc\r\n"],
  ["more data than announced", "3\r\nabcd\r\n"],
  ["less data than announced", "3\r\nab\r\n0\r\n\r\n"],
  ["a bare LF behind data", "3\r\nabc\n0\r\n\r\n"],
  ["a bare LF in a trailer", "0\r\na: b\nc: d\r\n\r\n"],
  ["NUL in a trailer", "0\r\na: \0\r\n\r\n"],
  ["an endless extension", `3;${"a".repeat(20_000)}`],
  ["endless extensions", `1;${"a".repeat(99)}\r\nb\r\n`.repeat(200)],
  ["an endless trailer", `0\r\n${"a: b\r\n".repeat(5000)}`],
];

for (const [what, text] of REFUSED) {
  Deno.test(`chunks are refused for ${what}`, () => {
    for (const pieces of [[text], [...text]]) {
      assert.throws(() => decode(pieces), (error: S3Error) => error.code === "BadRequest");
    }
  });
}

Deno.test("whatever comes is decoded or refused", () => {
  const piece = fc.constantFrom("\r\n", "\r", "\n", "0", "3", "abc", ";", "a: b", "FFFFFFFFFFFFF");
  fc.assert(fc.property(fc.array(piece), fc.array(piece), (first, second) => {
    try {
      decode([first.join(""), second.join("")]);
    } catch (error) {
      assert.ok(error instanceof S3Error, String(error));
    }
  }));
});
