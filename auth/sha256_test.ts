import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { HmacKey, sha256Hex } from "./sha256.ts";

/** Byte strings, those about a block long among them. */
const byteString = fc.uint8Array({ maxLength: 300, size: "max" })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));

function nodeSha256(text: string): string {
  return createHash("sha256").update(Buffer.from(text, "latin1")).digest("hex");
}

function nodeHmac(key: string, message: string): string {
  return createHmac("sha256", Buffer.from(key, "latin1"))
    .update(Buffer.from(message, "latin1")).digest("hex");
}

Deno.test("SHA-256 gives the values of FIPS 180-4", () => {
  assert.equal(
    sha256Hex("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assert.equal(
    sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
  assert.equal(
    sha256Hex("a".repeat(1_000_000)),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
});

Deno.test("SHA-256 agrees with node:crypto at every length around the blocks", () => {
  const text = Buffer.from(Array.from({ length: 260 }, (_, i) => i * 7 + 128 & 0xff))
    .toString("latin1");
  for (let length = 0; length <= text.length; length++) {
    const message = text.slice(0, length);
    assert.equal(sha256Hex(message), nodeSha256(message), `length ${length}`);
    assert.equal(new HmacKey(message).hex("m"), nodeHmac(message, "m"), `key of ${length}`);
    assert.equal(new HmacKey("k").hex(message), nodeHmac("k", message), `message of ${length}`);
  }
});

Deno.test("SHA-256 and HMAC agree with node:crypto on any bytes", () => {
  fc.assert(fc.property(byteString, byteString, (key, message) => {
    assert.equal(sha256Hex(message), nodeSha256(message));
    const hmac = new HmacKey(key);
    assert.equal(hmac.hex(message), nodeHmac(key, message));
    assert.equal(Buffer.from(hmac.bytes(message), "latin1").toString("hex"), hmac.hex(message));
    const head = Buffer.from(key, "latin1");
    const signature = nodeHmac(key, key + nodeSha256(message));
    assert.equal(hmac.hexOfDigest(head, message), signature);
    assert(hmac.isHexOfDigest(head, message, signature));
    assert(!hmac.isHexOfDigest(head, message, signature.slice(1)));
    assert(
      !hmac.isHexOfDigest(head, message, signature.replace(/^./, (c) => c === "0" ? "1" : "0")),
    );
  }));
});

Deno.test("of a character that is no byte, the low byte counts", () => {
  const wide = "\u0141\u2642".repeat(40);
  const bytes = "AB".repeat(40);
  for (const length of [1, 2, 3, 4, 63, 64, 80]) {
    assert.equal(sha256Hex(wide.slice(0, length)), sha256Hex(bytes.slice(0, length)), `${length}`);
  }
});
