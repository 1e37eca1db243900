import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { type ChecksumAlgorithm, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { HeaderList, type HeaderPair, parseRequestTarget } from "@s3-edge-cache/s3";
import { outgoingBody } from "./outgoing_body.ts";
import { Signer } from "./sign.ts";
import { bytesOf } from "./testdata/body.ts";
import { verifiedBody } from "./verified_body.ts";
import { Verifier, type VerifierOptions } from "./verify.ts";

const CLIENT: VerifierOptions = {
  credentials: { accessKeyId: "client-key", secretAccessKey: "client-secret" },
  region: "eu-central-1",
  now: Date.now,
};
const UPSTREAM: VerifierOptions = {
  credentials: { accessKeyId: "up-key", secretAccessKey: "up-secret", sessionToken: "token" },
  region: "us-east-1",
  now: Date.now,
};

/** What came of one upload. */
interface Upload {
  readonly kind: string;
  readonly data: string;
  readonly trailer: string | undefined;
}

/** Verifies a client's upload, signs it for the origin, and verifies it there. */
async function relay(request: Request): Promise<Upload> {
  const url = new URL(request.url);
  const head = {
    method: request.method,
    target: url.pathname + url.search,
    headers: new HeaderList([...request.headers]),
  };
  const verified = new Verifier(CLIENT).verify(head, parseRequestTarget(head));
  const length = head.headers.get("content-length");
  const outgoing = outgoingBody(
    await verifiedBody(request.body, verified, length ? Number(length) : undefined),
    verified.payload,
  );
  const fields: HeaderPair[] = [["host", "origin"], ...outgoing.headers];
  const { fields: added, seed } = new Signer(UPSTREAM).signWithSeed({
    method: head.method,
    path: url.pathname,
    query: "",
    headers: fields,
    payloadHash: outgoing.payloadHash,
  });
  const up = {
    method: head.method,
    target: url.pathname,
    headers: new HeaderList([...fields, ...added]),
  };
  const atOrigin = new Verifier(UPSTREAM).verify(up, parseRequestTarget(up));
  const body = await verifiedBody(outgoing.open(seed), atOrigin, outgoing.contentLength);
  const data = await bytesOf(body.stream);
  return { kind: verified.payload.kind, data, trailer: body.trailer?.value() };
}

/** Uploads with the SDK to a server that relays, and gives what came of it. */
async function upload(
  body: string | Readable,
  length: number,
  checksum: ChecksumAlgorithm | undefined,
): Promise<Upload> {
  const arrived = Promise.withResolvers<Upload>();
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      try {
        arrived.resolve(await relay(request));
      } catch (error) {
        arrived.reject(error);
        await request.body?.cancel();
      }
      return new Response(null, { headers: { etag: '"e"' } });
    },
  );
  const client = new S3Client({
    credentials: { accessKeyId: "client-key", secretAccessKey: "client-secret" },
    region: CLIENT.region,
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  try {
    const [result] = await Promise.all([
      arrived.promise,
      client.send(
        new PutObjectCommand({
          Bucket: "bucket",
          Key: "a b/é+(1).txt",
          Body: body,
          ContentLength: length,
          ...(checksum === undefined ? {} : { ChecksumAlgorithm: checksum }),
        }),
      ),
    ]);
    return result;
  } finally {
    client.destroy();
  }
}

const DATA = "data ".repeat(50_000);

for (const checksum of [undefined, "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const) {
  Deno.test(`the AWS SDK's upload of a stream is relayed, ${checksum ?? "default"} checksum`, async () => {
    const pieces = [DATA.slice(0, 70_000), DATA.slice(70_000, 200_000), DATA.slice(200_000)];
    const result = await upload(Readable.from(pieces), DATA.length, checksum);
    assert.equal(result.kind, "chunked");
    assert.equal(result.data, DATA);
    assert.ok(result.trailer);
  });
}

Deno.test("the AWS SDK's upload of a string is relayed", async () => {
  const result = await upload(DATA, DATA.length, undefined);
  assert.equal(result.data, DATA);
});
