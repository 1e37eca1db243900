import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ChecksumAlgorithm,
  checksumAlgorithm,
  checksumValueLength,
  createChecksum,
  isChecksumValue,
} from "./checksum.ts";

/** The published check values: the checksum of the digits 1 to 9. */
const CHECK_VALUES: Readonly<Record<ChecksumAlgorithm, string>> = {
  crc32: "cbf43926",
  crc32c: "e3069283",
  crc64nvme: "ae8b14860a799888",
  sha1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  sha256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
};

const ALGORITHMS = Object.keys(CHECK_VALUES) as ChecksumAlgorithm[];

for (const algorithm of ALGORITHMS) {
  Deno.test(`${algorithm} gives its published check value`, () => {
    const checksum = createChecksum(algorithm);
    checksum.update(new TextEncoder().encode("123456789"));
    const value = checksum.digest();
    assert.equal(Buffer.from(value, "base64").toString("hex"), CHECK_VALUES[algorithm]);
    assert.ok(isChecksumValue(algorithm, value));
    assert.equal(value.length, checksumValueLength(algorithm));
  });

  Deno.test(`${algorithm} does not depend on how the bytes are cut, nor on other checksums`, () => {
    fc.assert(fc.property(fc.array(fc.uint8Array()), fc.uint8Array(), (pieces, other) => {
      const cut = createChecksum(algorithm);
      const beside = createChecksum(algorithm);
      for (const piece of pieces) {
        cut.update(piece);
        beside.update(other);
      }
      const whole = createChecksum(algorithm);
      whole.update(Buffer.concat(pieces));
      assert.equal(cut.digest(), whole.digest());
    }));
  });
}

Deno.test("a checksum's value is canonical base64 of the right length", () => {
  assert.ok(isChecksumValue("crc32", "AAAAAA=="));
  for (const value of ["", "AAAAAA", "AAAAAAA=", "AAAAAB==", "AAAA AA==", "AAAAAAAA", "____AA=="]) {
    assert.ok(!isChecksumValue("crc32", value), value);
  }
});

Deno.test("only the names of checksums stand for algorithms", () => {
  assert.equal(checksumAlgorithm("x-amz-checksum-crc64nvme"), "crc64nvme");
  for (
    const name of ["x-amz-checksum-md5", "x-amz-checksum-", "crc32", "x-amz-checksum-toString"]
  ) {
    assert.equal(checksumAlgorithm(name), undefined, name);
  }
});
