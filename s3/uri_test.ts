import fc from "fast-check";
import assert from "node:assert/strict";
import { S3Error } from "./error.ts";
import { canonicalComponent, canonicalPath, encodeKey, uriDecode, uriEncode } from "./uri.ts";

const bytesArb = fc.uint8Array({ maxLength: 40 });
const percent = (byte: number) => "%" + byte.toString(16).padStart(2, "0");
const spellings = fc.array(fc.tuple(fc.nat(255), fc.boolean(), fc.boolean()), { maxLength: 40 });

Deno.test("every byte but the unreserved ones is written in upper-case hex", () => {
  assert.equal(uriEncode("AZaz09-._~"), "AZaz09-._~");
  assert.equal(
    uriEncode(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}"),
    "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D",
  );
  assert.equal(uriEncode("é€😀"), "%C3%A9%E2%82%AC%F0%9F%98%80");
  assert.equal(encodeKey("a b/é"), "a%20b/%C3%A9");
});

Deno.test("a path keeps its slashes and dots, a component encodes slashes", () => {
  assert.equal(canonicalPath("/a//b/../c/./%2e%2E/%2f"), "/a//b/../c/./..//");
  assert.equal(canonicalPath("/a+b%2bc"), "/a%2Bb%2Bc");
  assert.equal(canonicalComponent("a/b%2fc+"), "a%2Fb%2Fc%2B");
});

Deno.test("what is encoded decodes to what it was", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(fc.property(text, (value) => {
    assert.equal(uriDecode(uriEncode(value)), value);
    assert.equal(uriDecode(encodeKey(value)), value);
    assert.equal(
      uriEncode(value),
      encodeURIComponent(value).replace(
        /[!'()*]/g,
        (character) => percent(character.charCodeAt(0)).toUpperCase(),
      ),
    );
  }));
});

Deno.test("every spelling of the same bytes has one canonical spelling", () => {
  fc.assert(fc.property(spellings, (units) => {
    const spelled = units.map(([byte, encoded, upper]) => {
      const character = String.fromCharCode(byte);
      if (!encoded && byte < 0x80 && character !== "%") return character;
      return upper ? percent(byte).toUpperCase() : percent(byte);
    }).join("");
    const plain = units.map(([byte]) => percent(byte)).join("");
    assert.equal(canonicalPath(spelled), canonicalPath(plain));
    assert.equal(canonicalComponent(spelled), canonicalComponent(plain));
    assert.equal(canonicalPath(canonicalPath(spelled)), canonicalPath(spelled));
  }));
});

Deno.test("different bytes have different spellings, UTF-8 or not", () => {
  const spell = (bytes: Uint8Array) => canonicalComponent([...bytes].map(percent).join(""));
  fc.assert(fc.property(bytesArb, bytesArb, (a, b) => {
    assert.equal(spell(a) === spell(b), [...a].join() === [...b].join());
  }));
  assert.notEqual(canonicalPath("/%ff"), canonicalPath("/%fe"));
});

Deno.test("a percent sign without two hex digits is refused", () => {
  for (const text of ["%", "%4", "%zz", "a%", "%4g", "%%41", "%\u00b9\u00b9"]) {
    assert.throws(() => canonicalPath(text), { code: "InvalidURI" }, text);
    assert.throws(() => canonicalComponent(text), { code: "InvalidURI" }, text);
    assert.throws(() => uriDecode(text), { code: "InvalidURI" }, text);
  }
});

Deno.test("whatever the text, nothing but an S3Error is thrown", () => {
  const text = fc.string({ unit: fc.constantFrom(..."%aF9z/+é😀"), maxLength: 12 });
  fc.assert(fc.property(text, (value) => {
    for (const read of [canonicalPath, canonicalComponent, uriDecode]) {
      try {
        assert.match(read(value), /^/);
      } catch (error) {
        assert.ok(error instanceof S3Error);
      }
    }
  }));
});
