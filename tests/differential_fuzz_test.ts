import assert from "node:assert/strict";
import fc from "fast-check";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { TestRequest } from "./_client.ts";
import { differential } from "./_differential.ts";
import { startTestProxy, type TestProxy } from "./_proxy.ts";

const SIZES = [0, 1, 10, 40_000] as const;
/** When the objects were written: minutes ago, so that later dates can be past too. */
const WRITTEN = Math.floor(Date.now() / 1000) * 1000 - 300_000;

async function start(): Promise<TestProxy> {
  let time = WRITTEN;
  const proxy = await startTestProxy({ origin: { now: () => time } });
  for (const size of SIZES) {
    const body = Uint8Array.from({ length: size }, (_, i) => i % 251);
    proxy.origin.put("bucket", `size-${size}`, body, [
      ["content-type", "text/plain"],
      ["cache-control", "max-age=9"],
      ["x-amz-meta-a", "b"],
    ]);
  }
  time += 300_000;
  return proxy;
}

const words = (...all: readonly string[]) =>
  fc.array(fc.constantFrom(...all), { maxLength: 6 }).map((parts) => parts.join(""));

const range = fc.oneof(
  words("bytes", "=", "-", "0", "1", "9", "10", "39999", "40000", ",", " ", "a", "lines", "99999"),
  words("0", "1", "9", "-", ",").map((spec) => `bytes=${spec}`),
);
const etags = [
  '"d41d8cd98f00b204e9800998ecf8427e"', // of no bytes
  '"93b885adfe0da089cdf634904fd59f71"', // of one zero byte
  "93b885adfe0da089cdf634904fd59f71",
  'W/"93b885adfe0da089cdf634904fd59f71"',
  '"other"',
  "*",
];
const etag = fc.oneof(
  fc.constantFrom(...etags),
  fc.array(fc.constantFrom(...etags, ",", ", ", " ", '"'), { maxLength: 4 })
    .map((parts) => parts.join("")),
);
const date = fc.oneof(
  fc.constantFrom(-2, -1, 0, 1, 99_999).map((seconds) =>
    new Date(WRITTEN + seconds * 1000).toUTCString()
  ),
  words("Thu, ", "01 Jan", " 2026", " 00:00:00", " GMT", "Thursday"),
);

const field: fc.Arbitrary<HeaderPair> = fc.oneof(
  fc.tuple(fc.constant("range"), range),
  fc.tuple(fc.constantFrom("if-match", "if-none-match", "if-range"), etag),
  fc.tuple(fc.constantFrom("if-modified-since", "if-unmodified-since", "if-range"), date),
  fc.tuple(fc.constant("accept-encoding"), words("gzip", ",", "br", "identity", ";q=0")),
  fc.constant<HeaderPair>(["x-amz-checksum-mode", "ENABLED"]),
);

const override = fc.tuple(
  fc.constantFrom("type", "language", "expires", "cache-control", "disposition", "encoding"),
  fc.constantFrom("a", "text%2Fcsv", "a%20b", "%C3%A9", "", "a%0Ab", "a+b"),
).map(([name, value]) =>
  `response-${name.startsWith("cache") || name === "expires" ? name : `content-${name}`}=${value}`
);

const request: fc.Arbitrary<TestRequest> = fc.record({
  method: fc.constantFrom("GET", "GET", "HEAD"),
  size: fc.constantFrom(...SIZES),
  fields: fc.uniqueArray(field, { maxLength: 3, selector: ([name]) => name }),
  query: fc.uniqueArray(override, { maxLength: 2 }),
}).map(({ method, size, fields, query }) => ({
  method,
  target: `/bucket/size-${size}${query.length === 0 ? "" : "?" + query.join("&")}`,
  headers: fields.map(([name, value]): HeaderPair => [name, value.trim()]),
}));

Deno.test("any range, condition and override is answered as the origin answers it", async () => {
  await using proxy = await start();
  await fc.assert(
    fc.asyncProperty(request, async (request) => {
      await differential(proxy, request);
    }),
    { numRuns: 200 },
  );
  assert.ok(proxy.origin.calls.length > 300);
});

const path = fc.array(
  fc.constantFrom(
    ..."ab/.~-_!*'()$&,;=@:",
    "%20",
    "%2F",
    "%2f",
    "%25",
    "%C3%A9",
    "%ff",
    "%00",
    "..",
  ),
  { minLength: 1, maxLength: 8 },
).map((parts) => parts.join(""));

Deno.test("any path leads to the object that it leads to at the origin", async () => {
  await using proxy = await start();
  await fc.assert(
    fc.asyncProperty(path, fc.boolean(), async (path, there) => {
      const target = `/bucket/${path}`;
      if (there) await proxy.direct.put(target, path);
      await differential(proxy, { target });
    }),
    { numRuns: 200 },
  );
});
