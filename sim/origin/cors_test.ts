import assert from "node:assert/strict";
import { startOrigin } from "./origin.ts";

const RULES = `<CORSConfiguration><CORSRule><AllowedOrigin>https://*.test</AllowedOrigin>
<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
<AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
<MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>`;

async function fields(answer: Response): Promise<Record<string, string>> {
  await answer.body?.cancel();
  const found = [...answer.headers].filter(([name]) => /^access-control|^vary$/.test(name));
  return Object.fromEntries(found);
}

Deno.test("a preflight is answered by the first rule that allows it", async () => {
  await using origin = await startOrigin();
  const ask = (method: string, headers: string) =>
    fetch(`${origin.url}/bucket/k`, {
      method: "OPTIONS",
      headers: {
        "Origin": "https://a.test",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
      },
    });
  const none = await ask("GET", "x-amz-date");
  assert.equal(none.status, 403);
  assert.match(await none.text(), /CORS is not enabled/);
  origin.bucket("bucket").documents.set("cors", new TextEncoder().encode(RULES));
  const good = await ask("PUT", "x-amz-date, X-Amz-Meta-A");
  assert.equal(good.status, 200);
  assert.deepEqual(await fields(good), {
    "access-control-allow-origin": "https://a.test",
    "access-control-allow-methods": "GET, PUT",
    "access-control-allow-headers": "x-amz-date, x-amz-meta-a",
    "access-control-expose-headers": "ETag",
    "access-control-max-age": "60",
    "access-control-allow-credentials": "true",
    "vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  });
  for (const [method, headers] of [["DELETE", ""], ["GET", "authorization"]] as const) {
    assert.deepEqual(await fields(await ask(method, headers)), {});
  }
});

Deno.test("every other answer to an allowed origin bears the fields, errors too", async () => {
  await using origin = await startOrigin();
  origin.bucket("bucket").documents.set("cors", new TextEncoder().encode(RULES));
  origin.put("bucket", "k", "x", [["x-amz-acl", "public-read"]]);
  const ask = (path: string, from: string) =>
    fetch(origin.url + path, { headers: { Origin: from } });
  for (const path of ["/bucket/k", "/bucket/none"]) {
    const given = await fields(await ask(path, "https://a.test"));
    assert.equal(given["access-control-allow-origin"], "https://a.test");
    assert.deepEqual(await fields(await ask(path, "https://a.example")), {});
  }
});
