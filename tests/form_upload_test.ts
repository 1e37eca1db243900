import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { Answer } from "./_client.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";

const BOUNDARY = "----form1234";

interface Form {
  readonly key: string;
  readonly file: string;
  readonly conditions?: readonly unknown[];
  readonly secret?: string;
  readonly expiration?: string;
  readonly extra?: Readonly<Record<string, string>>;
}

/** A form as Amazon's documentation writes it, signed without the proxy's own code. */
function formBody(form: Form): Uint8Array {
  const dateTime = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const date = dateTime.slice(0, 8);
  const credential = `${CLIENT_CREDENTIALS.accessKeyId}/${date}/us-east-1/s3/aws4_request`;
  const document = {
    expiration: form.expiration ?? new Date(Date.now() + 60_000).toISOString(),
    conditions: [
      { bucket: "bucket" },
      ["starts-with", "$key", ""],
      { "x-amz-algorithm": "AWS4-HMAC-SHA256" },
      { "x-amz-credential": credential },
      { "x-amz-date": dateTime },
      ...form.conditions ?? [],
    ],
  };
  const policy = btoa(JSON.stringify(document));
  const hmac = (key: string | Uint8Array, text: string) =>
    createHmac("sha256", key).update(text).digest();
  const dateKey = hmac(`AWS4${form.secret ?? CLIENT_CREDENTIALS.secretAccessKey}`, date);
  const key = hmac(hmac(hmac(dateKey, "us-east-1"), "s3"), "aws4_request");
  const fields: Record<string, string> = {
    key: form.key,
    policy,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": credential,
    "x-amz-date": dateTime,
    "x-amz-signature": hmac(key, policy).toString("hex"),
    ...form.extra,
  };
  const parts = Object.entries(fields).map(([name, value]) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  );
  return new TextEncoder().encode(
    parts.join("") +
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n` +
      `Content-Type: text/plain\r\n\r\n${form.file}\r\n--${BOUNDARY}--\r\n`,
  );
}

function post({ client }: TestProxy, form: Form): Promise<Answer> {
  return client.send({
    method: "POST",
    target: "/bucket",
    headers: [["content-type", `multipart/form-data; boundary=${BOUNDARY}`]],
    body: formBody(form),
    unsigned: true,
  });
}

Deno.test("a form upload replaces the object, and the next read is the truth", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "in/a.txt", "old");
  await proxy.client.get("/bucket/in/a.txt");
  assert.equal((await proxy.client.get("/bucket/in/a.txt")).header("x-cache"), "HIT");
  const posted = await post(proxy, { key: "in/${filename}", file: "new" });
  assert.equal(posted.status, 204, posted.text);
  assert.equal((await proxy.client.get("/bucket/in/a.txt")).text, "new");
});

Deno.test("the origin sees a form under the proxy's own key, and no other signature", async () => {
  await using proxy = await startTestProxy();
  const large = "x".repeat(300_000);
  assert.equal((await post(proxy, { key: "key", file: large })).status, 204);
  assert.equal(new TextDecoder().decode(proxy.origin.get("bucket", "key")!.body), large);
  const { rawHead } = proxy.origin.calls.find(({ method }) => method === "POST")!;
  assert.doesNotMatch(rawHead, /^authorization:/im);
  assert.match(rawHead, /^content-length: \d+/im);
});

Deno.test("the policy's own conditions are enforced by the origin", async () => {
  await using proxy = await startTestProxy();
  const conditions = [["content-length-range", 1, 10]];
  const refused = await post(proxy, { key: "key", file: "x".repeat(11), conditions });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /<Code>EntityTooLarge</);
  assert.equal((await post(proxy, { key: "key", file: "x", conditions })).status, 204);
});

for (
  const [what, form, code] of [
    ["a wrong secret", { secret: "wrong" }, "SignatureDoesNotMatch"],
    ["an expired policy", { expiration: "2020-01-01T00:00:00Z" }, "AccessDenied"],
  ] as const
) {
  Deno.test(`a form with ${what} never reaches the origin`, async () => {
    await using proxy = await startTestProxy();
    const refused = await post(proxy, { key: "key", file: "new", ...form });
    assert.equal(refused.status, 403);
    assert.match(refused.text, new RegExp(`<Code>${code}<`));
    assert.equal(proxy.origin.calls.length, 0);
  });
}
