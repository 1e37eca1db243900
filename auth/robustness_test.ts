import assert from "node:assert/strict";
import fc from "fast-check";
import { HeaderList, type HeaderPair, parseRequestTarget, Query, S3Error } from "@s3-edge-cache/s3";
import { parseAuthorization } from "./authorization.ts";
import { parsePayload } from "./payload.ts";
import { verifyPostPolicy } from "./post_policy.ts";
import { parsePresigned } from "./presigned.ts";
import { readBody, streamOf } from "./testdata/body.ts";
import { OPTIONS, presignedHead, signedHead, verify } from "./testdata/requests.ts";
import { verifiedBody } from "./verified_body.ts";

/** Any byte string, with the words of the format among its parts. */
const rubbish = fc.array(
  fc.oneof(
    fc.constantFrom(
      "AWS4-HMAC-SHA256 ",
      "Credential=",
      "client-key/20250102/eu-central-1/s3/aws4_request",
      ",",
      "SignedHeaders=",
      "host;x-amz-date;x-amz-content-sha256",
      "Signature=",
      "0".repeat(64),
      "20250102T030405Z",
      "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "UNSIGNED-PAYLOAD",
      "x-amz-checksum-crc32",
      "\r\n",
      "0",
      "4",
      ";chunk-signature=",
    ),
    fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));

const name = fc.constantFrom(
  "host",
  "authorization",
  "date",
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
  "x-amz-decoded-content-length",
  "x-amz-trailer",
  "x-amz-meta-a",
);

/** Holds that nothing but an S3Error is thrown. */
function onlyS3Errors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof S3Error, String((error as Error).stack));
  }
}

Deno.test("whatever the fields hold, a request is verified or refused with an S3Error", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, rubbish)), fc.boolean(), (fields, presigned) => {
      const head = presigned ? presignedHead() : signedHead();
      const names = new Set<string>(fields.map(([field]) => field));
      const kept = head.headers.pairs.filter(([field]) => !names.has(field));
      const headers = new HeaderList([...kept, ...fields] as HeaderPair[]);
      onlyS3Errors(() => verify({ ...head, headers }));
    }),
    { numRuns: 500 },
  );
});

Deno.test("whatever the query holds, a request is verified or refused with an S3Error", () => {
  const parameter = fc.constantFrom("Algorithm", "Credential", "Date", "Expires", "SignedHeaders");
  fc.assert(
    fc.property(parameter, rubbish, (field, value) => {
      const head = presignedHead();
      const changed = head.target.replace(
        new RegExp(`(X-Amz-${field}=)[^&]*`),
        (_, start: string) => start + value.replaceAll("&", "%26"),
      );
      onlyS3Errors(() => {
        verify({ ...head, target: changed });
      });
      onlyS3Errors(() => parsePresigned(new Query(value)));
      onlyS3Errors(() => parseRequestTarget({ ...head, target: "/" + value }));
    }),
    { numRuns: 500 },
  );
});

Deno.test("the parsers throw nothing but S3Errors", () => {
  fc.assert(fc.property(rubbish, fc.array(fc.tuple(name, rubbish)), (value, fields) => {
    onlyS3Errors(() => parseAuthorization(value));
    onlyS3Errors(() => parseAuthorization("AWS4-HMAC-SHA256 " + value));
    onlyS3Errors(() => parsePayload(value, new HeaderList(fields as HeaderPair[])));
    const form = new Map(
      [...fields, ["x-amz-signature", value], ["policy", value]] as HeaderPair[],
    );
    onlyS3Errors(() => verifyPostPolicy(form, OPTIONS));
  }));
});

Deno.test("a chunked body of any bytes ends well or with an S3Error, and no longer than said", async () => {
  await fc.assert(
    fc.asyncProperty(rubbish, fc.nat(20), fc.boolean(), async (text, length, trailer) => {
      const head = verify(signedHead({
        method: "PUT",
        payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        headers: [
          ["x-amz-decoded-content-length", String(length)],
          ...(trailer ? [["x-amz-trailer", "x-amz-checksum-crc32"] as const] : []),
        ],
      }));
      let read;
      try {
        read = await readBody((await verifiedBody(streamOf(text, 3), head, undefined)).stream);
      } catch (error) {
        read = { data: "", error };
      }
      assert.ok(read.error === undefined || read.error instanceof S3Error, String(read.error));
      assert.ok(read.data.length <= length);
      if (read.error === undefined) assert.equal(read.data.length, length);
      else assert.ok(length === 0 || read.data.length < length);
    }),
    { numRuns: 500 },
  );
});

Deno.test("long fields cost no more than their length", () => {
  const size = 1 << 20;
  const head = signedHead();
  const long = (field: string, value: string) =>
    onlyS3Errors(() => {
      const kept = head.headers.pairs.filter(([other]) => other !== field);
      verify({ ...head, headers: new HeaderList([...kept, [field, value]]) });
    });
  const authorization = head.headers.get("authorization")!;
  long("authorization", "AWS4-HMAC-SHA256 " + ",".repeat(size));
  long("authorization", "AWS4-HMAC-SHA256 " + " ".repeat(size));
  long("authorization", "AWS4-HMAC-SHA256 Credential=" + "/".repeat(size));
  long("authorization", authorization.replace("host", "host;".repeat(size / 8) + "host"));
  long("x-amz-date", "2".repeat(size));
  long("date", "Fri, ".repeat(size / 8));
  long("x-amz-content-sha256", "a".repeat(size));
  long("host", " ".repeat(size) + "x" + "\t".repeat(size) + "y");
  long("x-amz-meta-a", "; ".repeat(size));
});
