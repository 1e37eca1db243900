import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { type Origin, startOrigin } from "./origin.ts";

/** A form as a web page would send it; its policy signed with nothing but HMACs. */
function form(
  origin: Origin,
  conditions: readonly unknown[],
  fields: Readonly<Record<string, string>>,
  expiration = "2099-01-01T00:00:00Z",
): FormData {
  const { accessKeyId, secretAccessKey } = origin.credentials;
  const credential = `${accessKeyId}/20260102/${origin.region}/s3/aws4_request`;
  const auth = {
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": credential,
    "x-amz-date": "20260102T030405Z",
  };
  const all = [...conditions, ...Object.entries(auth).map(([name, value]) => ({ [name]: value }))];
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: all })).toString("base64");
  const key = ["20260102", origin.region, "s3", "aws4_request"].reduce(
    (secret: Buffer, part) => createHmac("sha256", secret).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...auth })) data.append(name, value);
  data.append("policy", policy);
  data.append("x-amz-signature", createHmac("sha256", key).update(policy).digest("hex"));
  return data;
}

async function post(origin: Origin, data: FormData, file = "hello"): Promise<Response> {
  data.append("file", new Blob([file], { type: "text/plain" }), "ü.txt");
  return await fetch(`${origin.url}/bucket`, { method: "POST", body: data, redirect: "manual" });
}

const CONDITIONS = [{ bucket: "bucket" }, ["starts-with", "$key", "up/"], [
  "content-length-range",
  1,
  5,
]];

Deno.test("a form uploads under its policy", async () => {
  await using origin = await startOrigin();
  const conditions = [...CONDITIONS, ["eq", "$x-amz-meta-a", "ü"], { "content-type": "x/y" }];
  const fields = { key: "up/${filename}", "x-amz-meta-a": "ü", "Content-Type": "x/y" };
  const answer = await post(origin, form(origin, conditions, fields));
  assert.equal(answer.status, 204);
  const stored = origin.get("bucket", "up/ü.txt");
  assert.equal(answer.headers.get("etag"), stored?.etag);
  assert.equal(new TextDecoder().decode(stored?.body), "hello");
  assert.deepEqual(stored?.metadata, [["x-amz-meta-a", "\xc3\xbc"]]);
  assert.deepEqual(stored?.contentHeaders, [["Content-Type", "x/y"]]);
});

Deno.test("a form chooses how it is answered", async () => {
  await using origin = await startOrigin();
  const status = { success_action_status: "201" };
  const created = await post(
    origin,
    form(origin, [...CONDITIONS, status], { key: "up/a", ...status }),
  );
  assert.equal(created.status, 201);
  assert.match(await created.text(), /<PostResponse><Location>.*<Bucket>bucket<.*<Key>up\/a</);
  const redirect = { success_action_redirect: "http://here/?a=b" };
  const sent = await post(
    origin,
    form(origin, [...CONDITIONS, redirect], { key: "up/a", ...redirect }),
  );
  assert.equal(sent.status, 303);
  assert.match(
    sent.headers.get("location")!,
    /^http:\/\/here\/\?a=b&bucket=bucket&key=up%2Fa&etag=/,
  );
});

Deno.test("a form that breaks its policy stores nothing", async () => {
  await using origin = await startOrigin();
  const key = { key: "up/a" };
  const signed = (fields: Readonly<Record<string, string>>) => form(origin, CONDITIONS, fields);
  const forged = signed(key);
  forged.set("x-amz-signature", "0".repeat(64));
  const cases: readonly (readonly [FormData, string, string])[] = [
    [signed({ key: "down/a" }), "hello", "AccessDenied"],
    [signed({ ...key, "x-amz-meta-b": "unnamed" }), "hello", "AccessDenied"],
    [signed(key), "longer", "EntityTooLarge"],
    [signed(key), "", "EntityTooSmall"],
    [form(origin, CONDITIONS, key, "2020-01-01T00:00:00Z"), "hello", "AccessDenied"],
    [forged, "hello", "SignatureDoesNotMatch"],
    [new FormData(), "hello", "AccessDenied"],
  ];
  for (const [data, file, code] of cases) {
    const answer = await post(origin, data, file);
    assert.match(await answer.text(), new RegExp(`<Code>${code}<`));
  }
  assert.equal(origin.bucket("bucket").versions.size, 0);
});
