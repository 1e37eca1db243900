import assert from "node:assert/strict";
import { callBoto3 } from "./_boto3.ts";
import { awsEnvironment, startFixture } from "./_fixture.ts";
import { startTlsFront } from "./_tls_front.ts";
import { e2eTest } from "./_tools.ts";

const BUCKET = "boto3-bucket";
const ALGORITHMS = ["CRC32", "SHA1", "SHA256"];

e2eTest("boto3 works through the proxy", ["versitygw", "python", "openssl"], async (
  t,
  { versitygw, python, openssl },
) => {
  await using fixture = await startFixture(versitygw, [BUCKET]);
  await using tls = await startTlsFront(openssl, fixture.folder, fixture.proxy.url);
  const plain = awsEnvironment(fixture);
  const secure = { ...plain, AWS_ENDPOINT_URL: tls.url, AWS_CA_BUNDLE: tls.certificate };

  await t.step("keys, listings, copy, tags, DeleteObjects, errors", async () => {
    const seen = await callBoto3(python, plain, "operations", { bucket: BUCKET }) as Record<
      string,
      unknown
    >;
    const { keys } = seen;
    assert.deepEqual(seen, {
      keys,
      listed: keys,
      old_listed: keys,
      bodies: keys,
      copied: ["é/🦊", { kind: "odd" }],
      tags: [{ Key: "a", Value: "b" }],
      deleted: keys,
      missing: "NoSuchKey",
    });
  });
  for (
    const [name, env] of [["http: in a field", plain], ["https: in a trailer", secure]] as const
  ) {
    await t.step(`checksums over ${name}`, async () => {
      const args = { bucket: BUCKET, algorithms: ALGORITHMS, body: "check me" };
      const seen = await callBoto3(python, env, "checksums", args) as Record<string, string[]>;
      for (const algorithm of ALGORITHMS) {
        const [sum] = seen[algorithm]!;
        assert.match(sum!, /^[A-Za-z0-9+/]+=*$/);
        assert.deepEqual(seen[algorithm], [sum, sum, sum, "check me"], algorithm);
        const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
        const direct = await fixture.direct.head(
          `/${BUCKET}/checksum-${algorithm}`,
          ["x-amz-checksum-mode", "ENABLED"],
        );
        assert.equal(direct.header(name), sum, "at the origin");
      }
    });
  }
  await t.step("presigned GET and PUT", async () => {
    const args = { bucket: BUCKET, key: "pre signed+é" };
    const urls = await callBoto3(python, plain, "presign", args) as Record<string, string>;
    const put = await fetch(urls["PUT"]!, { method: "PUT", body: "presigned" });
    assert.equal(put.status, 200, await put.text());
    const get = await fetch(urls["GET"]!);
    assert.deepEqual([get.status, await get.text()], [200, "presigned"]);
    const tampered = await fetch(urls["GET"]!.replace("pre%20signed", "pre%20signet"));
    assert.match(await tampered.text(), /<Code>SignatureDoesNotMatch</);
  });
});
