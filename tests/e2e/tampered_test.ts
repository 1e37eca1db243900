import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { formatAmzDate, Signer, SigningKeys } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { contentMd5 } from "./_content_md5.ts";
import { type Fixture, startFixture } from "./_fixture.ts";
import { e2eTest } from "./_tools.ts";

const TARGET = "/tampered-bucket/key";
const OLD = "the old object";
/** Several chunks, so that the origin has most of the body when the fault is found. */
const CHUNK = 256 * 1024;
const CHUNKS = 12;
const EMPTY_SHA256 = createHash("sha256").digest("hex");

/** What is done to an upload after it was signed. */
type Harm = "none" | "chunk" | "chunk-signature" | "trailer" | "trailer-signature" | "cut";

/** A streaming upload as a client sends it. */
interface StreamedUpload {
  /** `x-amz-content-sha256`. */
  readonly payload: string;
  readonly signedChunks: boolean;
  readonly trailer: boolean;
}

const FORMS: Readonly<Record<string, StreamedUpload>> = {
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": {
    payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    signedChunks: true,
    trailer: false,
  },
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": {
    payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    signedChunks: true,
    trailer: true,
  },
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER": {
    payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    signedChunks: false,
    trailer: true,
  },
};

const chunks = Array.from({ length: CHUNKS }, (_, index) => Buffer.alloc(CHUNK, index + 1));
const CONTENT = Buffer.concat(chunks);

function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Changes a character of a hex or base64 text into another one. */
function altered(text: string): string {
  return (text.startsWith("0") ? "1" : "0") + text.slice(1);
}

/** The chunks of an upload as they go over the wire. */
function framed(form: StreamedUpload, dateTime: string, seed: string, harm: Harm): Buffer {
  const key = new SigningKeys(CLIENT_CREDENTIALS, "us-east-1").on(dateTime.slice(0, 8));
  const wire: Buffer[] = [];
  let signature = seed;
  const sign = (kind: string, ...rest: string[]) => {
    signature = key.sign([kind, dateTime, key.scope, signature, ...rest].join("\n"));
    return signature;
  };
  for (const [index, chunk] of [...chunks, Buffer.alloc(0)].entries()) {
    const last = index === CHUNKS - 1;
    const proper = sign("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256, sha256(chunk));
    const sent = last && harm === "chunk-signature" ? altered(proper) : proper;
    const extension = form.signedChunks ? `;chunk-signature=${sent}` : "";
    const data = Buffer.from(chunk);
    if (last && harm === "chunk") data[CHUNK - 1]! ^= 1;
    wire.push(Buffer.from(`${data.length.toString(16)}${extension}\r\n`), data);
    if (data.length > 0 || !form.trailer) wire.push(Buffer.from("\r\n"));
  }
  if (form.trailer) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(harm === "trailer" ? 12345 : crc32(CONTENT));
    const line = `x-amz-checksum-crc32:${sum.toString("base64")}`;
    wire.push(Buffer.from(`${line}\r\n`));
    if (form.signedChunks) {
      const proper = sign("AWS4-HMAC-SHA256-TRAILER", sha256(`${line}\n`));
      const sent = harm === "trailer-signature" ? altered(proper) : proper;
      wire.push(Buffer.from(`x-amz-trailer-signature:${sent}\r\n`));
    }
    wire.push(Buffer.from("\r\n"));
  }
  const bytes = Buffer.concat(wire);
  return harm === "cut" ? bytes.subarray(0, bytes.length - CHUNK / 2) : bytes;
}

/** Sends an upload; `undefined` where the connection was cut in place of an answer. */
async function upload(
  { client }: Fixture,
  form: StreamedUpload,
  harm: Harm,
): Promise<Answer | undefined> {
  const now = Date.now();
  const headers: HeaderPair[] = [
    ["host", client.host],
    ["content-encoding", "aws-chunked"],
    ["x-amz-decoded-content-length", String(CONTENT.length)],
  ];
  if (form.trailer) headers.push(["x-amz-trailer", "x-amz-checksum-crc32"]);
  const signer = new Signer({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    now: () => now,
  });
  const signed = signer.sign({
    method: "PUT",
    path: TARGET,
    query: "",
    headers,
    payloadHash: form.payload,
  });
  const seed = /Signature=(\w+)/.exec(new Map(signed).get("authorization")!)![1]!;
  const body = framed(form, formatAmzDate(now), seed, harm);
  try {
    return await client.send({
      method: "PUT",
      target: TARGET,
      headers: [...headers, ...signed],
      body,
      unsigned: true,
    });
  } catch {
    return undefined;
  }
}

/** The text of a short body, the length of a long one. */
function shown({ body, text }: Answer): string {
  return body.length > 1000 ? `${body.length} bytes` : text;
}

/** The origin has the old object, and the proxy says so. */
async function expectOld({ client, direct }: Fixture): Promise<void> {
  const there = await direct.get(TARGET);
  assert.deepEqual([there.status, shown(there)], [200, OLD], "at the origin");
  const seen = await client.get(TARGET);
  assert.deepEqual([seen.status, shown(seen)], [200, OLD], "through the proxy");
}

e2eTest("a tampered upload leaves the old object at the origin", ["versitygw"], async (
  t,
  { versitygw },
) => {
  await using fixture = await startFixture(versitygw, ["tampered-bucket"]);
  const { client, direct } = fixture;
  const reset = async () => {
    assert.equal((await client.put(TARGET, OLD)).status, 200);
    await expectOld(fixture);
  };
  for (const [name, form] of Object.entries(FORMS)) {
    await t.step(`${name}: an untouched upload arrives`, async () => {
      await reset();
      const answer = await upload(fixture, form, "none");
      assert.equal(answer?.status, 200, answer?.text);
      assert.ok(CONTENT.equals((await direct.get(TARGET)).body));
    });
    const harms: [Harm, string][] = [
      ["chunk", form.signedChunks ? "SignatureDoesNotMatch" : "BadDigest"],
      ["cut", "IncompleteBody"],
    ];
    if (form.signedChunks) harms.push(["chunk-signature", "SignatureDoesNotMatch"]);
    if (form.trailer) harms.push(["trailer", "BadDigest"]);
    if (form.trailer && form.signedChunks) {
      harms.push(["trailer-signature", "SignatureDoesNotMatch"]);
    }
    for (const [harm, code] of harms) {
      await t.step(`${name}: ${harm}`, async () => {
        await reset();
        const answer = await upload(fixture, form, harm);
        assert.ok(answer === undefined || answer.status === 400 || answer.status === 403);
        assert.equal(/<Code>(\w+)/.exec(answer?.text ?? "")?.[1] ?? "none", code);
        await expectOld(fixture);
      });
    }
  }
  const refusals: [string, readonly HeaderPair[], string, string][] = [
    ["payload hash of something else", [], sha256("else"), "XAmzContentSHA256Mismatch"],
    ["Content-MD5 of something else", [contentMd5("else")], sha256(CONTENT), "BadDigest"],
  ];
  for (const [name, headers, payloadHash, code] of refusals) {
    await t.step(name, async () => {
      await reset();
      const request = { method: "PUT", target: TARGET, headers, body: CONTENT, payloadHash };
      const answer = await client.send(request);
      assert.deepEqual([answer.status, /<Code>(\w+)/.exec(answer.text)?.[1]], [400, code]);
      await expectOld(fixture);
    });
  }
  await t.step("a signature by another key, also for what is in the cache", async () => {
    await reset();
    const wrong = createHmac("sha256", "wrong").update("key").digest("hex");
    const credentials = { ...CLIENT_CREDENTIALS, secretAccessKey: wrong };
    const signer = new Signer({ credentials, region: "us-east-1", now: Date.now });
    const host: HeaderPair = ["host", client.host];
    for (const method of ["GET", "PUT", "DELETE"]) {
      const unsigned = { method, path: TARGET, query: "", headers: [host] };
      const signed = signer.sign({ ...unsigned, payloadHash: "UNSIGNED-PAYLOAD" });
      const headers = [host, ...signed];
      const answer = await client.send({ method, target: TARGET, headers, unsigned: true });
      assert.equal(answer.status, 403);
      assert.match(answer.text, /<Code>SignatureDoesNotMatch</);
    }
    await expectOld(fixture);
  });
});
