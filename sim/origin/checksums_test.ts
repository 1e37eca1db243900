import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { HeaderList } from "@s3-edge-cache/s3";
import { checksumAlgorithm, checksumOf, requireDigest, verifyDigests } from "./checksums.ts";

/** The check values of the algorithms' catalogues, over `123456789`. */
const CHECK_VALUES = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  CRC64NVME: "ae8b14860a799888",
  SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
} as const;
const body = Buffer.from("123456789");

Deno.test("checksums have their catalogue's check values", () => {
  for (const [name, hex] of Object.entries(CHECK_VALUES)) {
    const expected = Buffer.from(hex, "hex").toString("base64");
    assert.equal(checksumOf(checksumAlgorithm(name), body), expected, name);
  }
  assert.throws(() => checksumAlgorithm("MD5"), { code: "InvalidRequest" });
});

Deno.test("digests are held against the body, wherever they come", () => {
  const verify = (headers: readonly (readonly [string, string])[]) =>
    verifyDigests(new HeaderList(headers), [], body);
  assert.equal(verify([]).algorithm, "CRC64NVME");
  assert.equal(verify([["x-amz-checksum-crc32", "y/Q5Jg=="]]).value, "y/Q5Jg==");
  verify([["content-md5", "JfnnlDI7RTiF9RgfG2JNCw=="]]);
  const faults: readonly (readonly [string, string, string])[] = [
    ["content-md5", "AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"],
    ["content-md5", "short", "InvalidDigest"],
    ["x-amz-checksum-crc32", "AAAAAA==", "BadDigest"],
    ["x-amz-checksum-crc32", "AAAA", "InvalidRequest"],
    ["x-amz-sdk-checksum-algorithm", "CRC32", "InvalidRequest"],
  ];
  for (const [name, value, code] of faults) {
    assert.throws(() => verify([[name, value]]), { code }, name);
  }
  assert.throws(
    () => verify([["x-amz-checksum-crc32", "y/Q5Jg=="], ["x-amz-checksum-sha1", "a"]]),
    {
      code: "InvalidRequest",
    },
  );
  const trailer = [["x-amz-checksum-crc32", "AAAAAA=="]] as const;
  assert.throws(() => verifyDigests(new HeaderList([]), trailer, body), { code: "BadDigest" });
  assert.throws(() => requireDigest(new HeaderList([]), []), { code: "InvalidRequest" });
});
