import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { awsEnvironment, type Fixture, rcloneEnvironment, startFixture } from "./_fixture.ts";
import { forgetPeak, readMemory } from "./_memory.ts";
import { createSdkClient } from "./_sdk_client.ts";
import { startTlsFront } from "./_tls_front.ts";
import { e2eTest } from "./_tools.ts";
import {
  boto3Parts,
  boto3Streams,
  commandCopies,
  sdkParts,
  sdkStreams,
  sha256Of,
  type Transfer,
} from "./_transfers.ts";

const BUCKET = "large-bucket";
/** Bytes of a large object, ten times what the cache takes; ranges of it, which it takes, fill it. */
const SIZE = 100_000_000;
const CACHE_BYTES = 16 * 1024 * 1024;
/**
 * What the proxy may grow by with one worker, whatever it carries. V8 gives buffers back late and keeps about
 * 150 MiB of them after a gigabyte in 64 KiB pieces, however large the objects; four objects in
 * flight that were held in memory would alone be 381 MiB.
 */
const MAX_GROWTH_MIB = 256;
const AT_ONCE = 4;

/** Makes a file of random bytes and gives its SHA-256. */
async function makeFile(path: string): Promise<string> {
  const digest = createHash("sha256");
  using file = await Deno.create(path);
  const block = new Uint8Array(50_000);
  for (let written = 0; written < SIZE; written += block.length) {
    crypto.getRandomValues(block);
    digest.update(block);
    let offset = 0;
    while (offset < block.length) offset += await file.write(block.subarray(offset));
  }
  return digest.digest("hex");
}

/** Downloads that nobody reads: the proxy has to wait, not to collect. */
async function holdDownloads({ client }: Fixture, key: string): Promise<() => void> {
  const target = `/${BUCKET}/${key}`;
  const held = await Promise.all(Array.from({ length: AT_ONCE }, () => client.open({ target })));
  for (const { status, body } of held) {
    assert.equal(status, 200);
    (body as typeof body & { on(event: string, listener: () => void): void }).on("error", () => {});
  }
  return () => held.forEach(({ body }) => body.destroy());
}

e2eTest("100 MB go up and come back byte for byte, memory flat", [
  "versitygw",
  "python",
  "aws",
  "rclone",
  "openssl",
], async (t, { versitygw, python, aws, rclone, openssl }) => {
  await using fixture = await startFixture(versitygw, [BUCKET], {
    WORKER_THREADS: "1",
    CACHE_MAX_SIZE_BYTES: String(CACHE_BYTES),
  });
  const { folder, proxy, direct } = fixture;
  await using tls = await startTlsFront(openssl, folder, proxy.url);
  const path = `${folder}/large`;
  const sha256 = await makeFile(path);
  const plain = awsEnvironment(fixture);
  const secure = { ...plain, AWS_ENDPOINT_URL: tls.url, AWS_CA_BUNDLE: tls.certificate };
  const s3 = createSdkClient(proxy.url);
  const copyTo = ["copyto", "--s3-upload-cutoff=0"];
  const stream = sdkStreams("SDK for JavaScript, one request", s3, BUCKET);
  const transfers: Transfer[] = [
    boto3Streams("boto3, one request", python, plain, BUCKET),
    boto3Streams("boto3 over https, one request", python, secure, BUCKET),
    boto3Parts("boto3 over https, parts and ranges", python, secure, BUCKET),
    stream,
    sdkParts("SDK for JavaScript, parts", s3, BUCKET),
    commandCopies("AWS CLI", [aws, "s3", "cp", "--quiet"], plain, `s3://${BUCKET}`),
    commandCopies("rclone", [rclone, ...copyTo], rcloneEnvironment(fixture), `e2e:${BUCKET}`),
  ];
  const { pid } = proxy.server;
  const idle = (await readMemory(pid)).resident;
  /** Does something, during which the proxy may not grow beyond the bound. */
  const watched = async (what: string, action: () => Promise<void>) => {
    await forgetPeak(pid);
    await action();
    const growth = Math.round((await readMemory(pid)).peak - idle);
    assert.ok(growth <= MAX_GROWTH_MIB, `${what}: ${growth} MiB more than idle`);
  };
  const expectAtOrigin = async (key: string) => {
    const { status, body } = await direct.open({ target: `/${BUCKET}/${key}` });
    assert.deepEqual([status, await sha256Of(body)], [200, sha256], "at the origin");
  };

  for (const [index, { name, up, down }] of transfers.entries()) {
    await t.step(name, async () => {
      const key = `large-${index}`;
      await watched("up", async () => void await up(key, path));
      await expectAtOrigin(key);
      await watched("down", async () => assert.equal(await down(key, `${folder}/down`), sha256));
    });
  }
  await t.step(`${AT_ONCE} at once`, async () => {
    const keys = Array.from({ length: AT_ONCE }, (_, index) => `at-once-${index}`);
    await watched(
      "up",
      async () => void await Promise.all(keys.map((key) => stream.up(key, path))),
    );
    await watched("down", async () => {
      const seen = await Promise.all(keys.map((key) => stream.down(key, "")));
      assert.deepEqual(seen, keys.map(() => sha256));
    });
  });
  await t.step(`${AT_ONCE} downloads that nobody reads`, async () => {
    await watched("held", async () => {
      const release = await holdDownloads(fixture, "at-once-0");
      assert.equal(await stream.down("at-once-1", ""), sha256);
      release();
    });
  });
  s3.destroy();
});
