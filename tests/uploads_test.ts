import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Signer } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import {
  CHECKSUMS,
  chunkedFields,
  type ChunkedUpload,
  framed,
  type FramePart,
  SIGNED,
  SIGNED_TRAILER,
  UNSIGNED_TRAILER,
} from "./_chunked.ts";
import type { TestRequest } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";
import { assertS3Error } from "./_s3_error.ts";
import { Wire } from "./_wire.ts";

const TARGET = "/bucket/key";
const DATA = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) % 253);
const CHUNK = 64 * 1024;

/** A PUT of a chunked upload, signed as a whole and chunk by chunk. */
function chunkedPut(
  { client }: TestProxy,
  upload: ChunkedUpload,
  fields: readonly HeaderPair[] = [["content-encoding", "aws-chunked"]],
  target = TARGET,
): TestRequest & { body: Uint8Array } {
  const [path, query = ""] = target.split("?") as [string, string?];
  const signer = new Signer({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    now: Date.now,
  });
  const headers: HeaderPair[] = [["host", client.host], ...fields, ...chunkedFields(upload)];
  const signed = signer.sign({ method: "PUT", path, query, headers, payloadHash: upload.form });
  const value = (name: string) => signed.find(([field]) => field === name)![1];
  const seed = /Signature=([0-9a-f]{64})/.exec(value("authorization"))![1]!;
  const body = framed(upload, seed, value("x-amz-date"));
  return { method: "PUT", target, headers: [...headers, ...signed], body, unsigned: true };
}

const FORMS = [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] as const;

for (const form of FORMS) {
  for (const [name, checksum] of Object.entries(CHECKSUMS)) {
    if (form === SIGNED && name !== "x-amz-checksum-crc32") continue;
    Deno.test(`${form} is stored without its framing${form === SIGNED ? "" : `: ${name}`}`, async () => {
      await using proxy = await startTestProxy();
      for (const data of [DATA, DATA.subarray(0, CHUNK), DATA.subarray(0, 1), new Uint8Array(0)]) {
        const upload = { form, data, chunkSize: CHUNK, trailer: [name, checksum(data)] as const };
        const answer = await proxy.client.send(chunkedPut(proxy, upload));
        assert.equal(answer.status, 200, answer.text);
        const stored = proxy.origin.get("bucket", "key")!;
        assert.deepEqual(stored.body, data);
        assert.ok(!stored.contentHeaders.some(([field]) => field === "Content-Encoding"));
        if (form === SIGNED) continue;
        assert.equal(answer.header(name), checksum(data));
        assert.deepEqual(
          [`x-amz-checksum-${stored.checksum.algorithm.toLowerCase()}`, stored.checksum.value],
          [name, checksum(data)],
        );
        const call = proxy.origin.calls.at(-1)!;
        assert.ok(!call.headers.some(([field]) => field === "transfer-encoding"));
        assert.doesNotMatch(call.rawHead, /STREAMING-AWS4/);
      }
    });
  }
}

const ENCODINGS: readonly (readonly [sent: string | undefined, stored: string | undefined])[] = [
  [undefined, undefined],
  ["aws-chunked", undefined],
  ["aws-chunked,gzip", "gzip"],
  ["gzip, aws-chunked", "gzip"],
  ["AWS-Chunked, br, gzip", "br, gzip"],
  ["gzip", "gzip"],
];

Deno.test("aws-chunked is no part of the stored Content-Encoding, what stands beside it is", async () => {
  await using proxy = await startTestProxy();
  for (const form of FORMS) {
    const trailer = ["x-amz-checksum-crc32", CHECKSUMS["x-amz-checksum-crc32"]!(DATA)] as const;
    for (const [sent, expected] of ENCODINGS) {
      const fields: HeaderPair[] = sent === undefined ? [] : [["content-encoding", sent]];
      const upload = { form, data: DATA, chunkSize: CHUNK, trailer };
      const answer = await proxy.client.send(chunkedPut(proxy, upload, fields));
      assert.equal(answer.status, 200, answer.text);
      const stored = proxy.origin.get("bucket", "key")!.contentHeaders;
      const encoding = stored.find(([field]) => field === "Content-Encoding")?.[1];
      assert.equal(
        encoding?.replaceAll(", ", ","),
        expected?.replaceAll(", ", ","),
        `${form} ${sent}`,
      );
    }
  }
});

Deno.test("a part in chunks keeps the checksum that follows it", async () => {
  await using proxy = await startTestProxy();
  const created = await proxy.client.post(`${TARGET}?uploads`, "", [
    "x-amz-checksum-algorithm",
    "CRC32C",
  ]);
  const uploadId = /<UploadId>([^<]+)</.exec(created.text)![1]!;
  const value = CHECKSUMS["x-amz-checksum-crc32c"]!(DATA);
  const answer = await proxy.client.send(chunkedPut(
    proxy,
    {
      form: UNSIGNED_TRAILER,
      data: DATA,
      chunkSize: CHUNK,
      trailer: ["x-amz-checksum-crc32c", value],
    },
    [["content-encoding", "aws-chunked"]],
    `${TARGET}?partNumber=1&uploadId=${uploadId}`,
  ));
  assert.equal(answer.header("x-amz-checksum-crc32c"), value, answer.text);
});

/** Changes one byte of a part's data. */
function spoiled(index: number) {
  return (parts: FramePart[]): FramePart[] =>
    parts.map((part, i) => {
      if (i !== index) return part;
      const data = part.data.slice();
      data[data.length - 1]! ^= 1;
      return { ...part, data };
    });
}

function edited(index: number, edit: (part: FramePart) => Partial<FramePart>) {
  return (parts: FramePart[]): FramePart[] =>
    parts.map((part, i) =>
      i === (index + parts.length) % parts.length ? { ...part, ...edit(part) } : part
    );
}

const CRC: HeaderPair = ["x-amz-checksum-crc32", CHECKSUMS["x-amz-checksum-crc32"]!(DATA)];
const WRONG_CRC: HeaderPair = ["x-amz-checksum-crc32", "AAAAAA=="];

type Refusal = readonly [
  name: string,
  status: number,
  code: string,
  upload: Pick<ChunkedUpload, "form"> & Partial<ChunkedUpload>,
];
const REFUSALS: readonly Refusal[] = [
  ["a changed first chunk", 403, "SignatureDoesNotMatch", { form: SIGNED, tamper: spoiled(0) }],
  ["a changed last chunk", 403, "SignatureDoesNotMatch", { form: SIGNED, tamper: spoiled(3) }],
  ["chunks in another order", 403, "SignatureDoesNotMatch", {
    form: SIGNED,
    tamper: ([a, b, ...rest]) => [b!, a!, ...rest],
  }],
  ["a chunk twice", 403, "SignatureDoesNotMatch", {
    form: SIGNED,
    decodedLength: DATA.length + CHUNK,
    tamper: ([a, ...rest]) => [a!, a!, ...rest],
  }],
  ["a missing chunk", 403, "SignatureDoesNotMatch", {
    form: SIGNED,
    tamper: (parts) => parts.toSpliced(1, 1),
  }],
  ["a wrong signature of the closing chunk", 403, "SignatureDoesNotMatch", {
    form: SIGNED,
    tamper: edited(-1, ({ head }) => ({ head: head.replace(/=.{8}/, "=00000000") })),
  }],
  ["a chunk without a signature", 400, "IncompleteBody", {
    form: SIGNED,
    tamper: edited(1, ({ head }) => ({ head: head.replace(/;.*\r/, "\r") })),
  }],
  ["a missing closing chunk", 400, "IncompleteBody", {
    form: SIGNED,
    tamper: (parts) => parts.slice(0, -1),
  }],
  ["framing that is none", 400, "IncompleteBody", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    tamper: edited(0, () => ({ head: "zz\r\n" })),
  }],
  ["a chunk that is longer than it says", 400, "IncompleteBody", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    tamper: edited(1, () => ({ tail: "x\r\n" })),
  }],
  ["more data than announced", 400, "IncompleteBody", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    decodedLength: DATA.length - 1,
  }],
  ["less data than announced", 400, "IncompleteBody", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    decodedLength: DATA.length + 1,
  }],
  ["less signed data than announced", 400, "IncompleteBody", {
    form: SIGNED,
    decodedLength: DATA.length + 1,
  }],
  ["a wrong trailer", 400, "BadDigest", { form: UNSIGNED_TRAILER, trailer: WRONG_CRC }],
  ["a wrong signed trailer", 400, "BadDigest", { form: SIGNED_TRAILER, trailer: WRONG_CRC }],
  ["data that the trailer does not fit", 400, "BadDigest", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    tamper: spoiled(3),
  }],
  ["a changed trailer", 403, "SignatureDoesNotMatch", {
    form: SIGNED_TRAILER,
    trailer: CRC,
    tamper: edited(-1, ({ tail }) => ({ tail: tail.replace(CRC[1], WRONG_CRC[1]) })),
  }],
  ["a trailer whose signature is missing", 400, "MalformedTrailerError", {
    form: SIGNED_TRAILER,
    trailer: CRC,
    tamper: edited(-1, ({ tail }) => ({ tail: tail.replace(/x-amz-trailer-signature.*\r\n/, "") })),
  }],
  ["a missing trailer", 400, "MalformedTrailerError", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    tamper: edited(-1, () => ({ tail: "\r\n" })),
  }],
  ["another trailer than announced", 400, "MalformedTrailerError", {
    form: UNSIGNED_TRAILER,
    trailer: CRC,
    tamper: edited(-1, ({ tail }) => ({ tail: tail.replace("crc32", "crc32c") })),
  }],
  ["a trailer that is no checksum's value", 400, "InvalidRequest", {
    form: UNSIGNED_TRAILER,
    trailer: ["x-amz-checksum-crc32", "!"],
  }],
];

/** A proxy with an object, and what must be true after a write of it was refused. */
async function withOldObject(test: (proxy: TestProxy) => Promise<void>): Promise<void> {
  await using proxy = await startTestProxy();
  const { origin, client } = proxy;
  origin.put("bucket", "key", "old");
  await client.get(TARGET);
  await test(proxy);
  const writes = () => origin.calls.filter(({ method }) => method === "PUT");
  await eventually(() => writes().every(({ outcome }) => outcome !== "running"), "writes end");
  assert.ok(writes().every(({ outcome }) => outcome === "lost"), JSON.stringify(writes()));
  assert.equal(new TextDecoder().decode(origin.get("bucket", "key")!.body), "old");
  assert.equal((await client.get(TARGET)).text, "old");
}

for (const [name, status, code, refused] of REFUSALS) {
  Deno.test(`refused, and the old object is still there: ${name}`, async () => {
    await withOldObject(async (proxy) => {
      const upload: ChunkedUpload = { data: DATA, chunkSize: CHUNK, ...refused };
      assertS3Error(await proxy.client.send(chunkedPut(proxy, upload)), status, code);
    });
  });
}

for (const data of [DATA, new Uint8Array(0)]) {
  Deno.test(`a body of ${data.length} bytes that is not what its hash says is refused`, async () => {
    await withOldObject(async (proxy) => {
      const payloadHash = createHash("sha256").update("else").digest("hex");
      const answer = await proxy.client.send({
        method: "PUT",
        target: TARGET,
        body: data,
        payloadHash,
      });
      assertS3Error(answer, 400, "XAmzContentSHA256Mismatch");
    });
  });
}

Deno.test("a body that is what its hash says is stored", async () => {
  await using proxy = await startTestProxy();
  const payloadHash = createHash("sha256").update(DATA).digest("hex");
  const request = { method: "PUT", target: TARGET, body: DATA, payloadHash };
  assert.equal((await proxy.client.send(request)).status, 200);
  assert.deepEqual(proxy.origin.get("bucket", "key")!.body, DATA);
});

for (const [field, value] of [["content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="], WRONG_CRC] as const) {
  Deno.test(`a wrong ${field} is the origin's to refuse`, async () => {
    await using proxy = await startTestProxy();
    proxy.origin.put("bucket", "key", "old");
    const answer = await proxy.client.put(TARGET, DATA, [field, value]);
    assert.equal(answer.status, 400);
    assert.match(answer.text, /<Code>BadDigest<\/Code>/);
    assert.equal((await proxy.client.get(TARGET)).text, "old");
  });
}

for (const headers of [[], [["transfer-encoding", "chunked"]]] as const) {
  Deno.test(`an upload without a length is refused: ${headers.join() || "no field"}`, async () => {
    await withOldObject(async (proxy) => {
      using wire = await Wire.connect(proxy.url);
      const body = headers.length === 0 ? "" : "3\r\nnew\r\n0\r\n\r\n";
      await wire.send(wire.signed({ method: "PUT", target: TARGET, headers }) + body);
      assertS3Error((await wire.answer())!, 411, "MissingContentLength");
    });
  });
}

Deno.test("a chunked upload that does not say its decoded length is refused", async () => {
  await withOldObject(async (proxy) => {
    const answer = await proxy.client.send({
      method: "PUT",
      target: TARGET,
      body: "0\r\n\r\n",
      payloadHash: UNSIGNED_TRAILER,
    });
    assertS3Error(answer, 411, "MissingContentLength");
  });
});

Deno.test("a client that hangs up in the middle of its upload leaves the old object", async () => {
  await withOldObject(async (proxy) => {
    const { cache, origin } = proxy;
    const writes = async () => (await cache.stats()).writes;
    for (const sent of [0, 1, 100_000]) {
      {
        using wire = await Wire.connect(proxy.url);
        await wire.send(wire.signed({
          method: "PUT",
          target: TARGET,
          headers: [["content-length", String(DATA.length)]],
        }));
        await wire.send(DATA.subarray(0, sent));
        await eventually(async () => await writes() === 1, "the write begins");
        if (sent > 1) {
          await eventually(() => origin.countCalls({ method: "PUT" }) > 0, "it goes up");
        }
      }
      await eventually(async () => await writes() === 0, "the write ends");
    }
    assert.equal(origin.countCalls({ method: "PUT" }), 1);
  });
});

Deno.test("a large upload waits for an origin that is slow to take it, and arrives", async () => {
  await using proxy = await startTestProxy();
  const large = new Uint8Array(12 * 1024 * 1024).map((_, i) => (i ^ (i >> 8)) & 255);
  using held = proxy.origin.hold({ operation: "PutObject", phase: "request" });
  const put = proxy.client.put(TARGET, large);
  await held.arrived;
  assert.equal((await proxy.client.get("/bucket/none")).status, 404);
  held.release();
  assert.equal((await put).status, 200);
  const stored = proxy.origin.get("bucket", "key")!.body;
  assert.ok(Buffer.compare(stored, large) === 0);
});
