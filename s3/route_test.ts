import fc from "fast-check";
import assert from "node:assert/strict";
import type { HeaderPair } from "./header_list.ts";
import { type Operation, OPERATIONS } from "./operation.ts";
import { routed } from "./testdata/routed.ts";
import { SAMPLE_REQUESTS } from "./testdata/sample_requests.ts";

const FORM: HeaderPair = ["content-type", "multipart/form-data; boundary=x"];

function nameOf(method: string, target: string, pairs: readonly HeaderPair[] = []): string {
  return routed(method, target, pairs).route.operation.name;
}

Deno.test("each sample request is routed to the operation it is a sample of", () => {
  for (const [name, method, target, fields] of SAMPLE_REQUESTS) {
    const pairs = fields.map((field): HeaderPair => [field, "value"]);
    assert.equal(nameOf(method, target, pairs), name, `${method} ${target}`);
  }
});

Deno.test("parameters that only shape an answer do not change the operation", () => {
  const cases: readonly (readonly [name: string, method: string, target: string])[] = [
    ["GetObject", "GET", "/b/k?versionId=1&partNumber=2&response-expires=x&x-id=GetObject"],
    ["GetObject", "GET", "/b/k?X-Amz-Algorithm=a&X-Amz-Signature=b&x-amz-checksum-mode=ENABLED"],
    ["HeadObject", "HEAD", "/b/k?partNumber=1"],
    ["PutObject", "PUT", "/b/k?x-id=PutObject"],
    ["ListObjects", "GET", "/b/?prefix=a&delimiter=/&marker=m&max-keys=1&encoding-type=url"],
    ["ListObjectsV2", "GET", "/b?prefix=a&list-type=2&continuation-token=x"],
    ["ListObjectVersions", "GET", "/b?key-marker=&versions&version-id-marker="],
    ["ListMultipartUploads", "GET", "/b?max-uploads=1&uploads=&upload-id-marker=x"],
    ["ListBuckets", "GET", "/?max-buckets=1&bucket-region=x"],
    ["UploadPart", "PUT", "/b/k?x-id=UploadPart&uploadId=u&partNumber=1"],
    ["GetBucketTagging", "GET", "/b?tagging"],
    ["GetObjectTagging", "GET", "/b/k?versionId=x&tagging="],
  ];
  for (const [name, method, target] of cases) assert.equal(nameOf(method, target), name, target);
});

Deno.test("a header field tells copies, forms and object lambda answers from others", () => {
  assert.equal(nameOf("PUT", "/b/k", [["x-amz-copy-source", "/b/j"]]), "CopyObject");
  assert.equal(nameOf("PUT", "/b/k?X-Amz-Copy-Source=%2Fb%2Fj"), "CopyObject");
  assert.equal(nameOf("POST", "/b", [FORM]), "PostObject");
  assert.equal(nameOf("POST", "/b", [["content-type", "Multipart/Form-Data"]]), "PostObject");
  assert.equal(nameOf("POST", "/b"), "Unknown");
  assert.equal(nameOf("POST", "/b/k", [FORM]), "Unknown");
});

Deno.test("a write that may not be what it seems is unknown, and changes what it addresses", () => {
  const cases: readonly (readonly [method: string, target: string, pairs?: HeaderPair[]])[] = [
    ["PUT", "/b/k?uploadId=u"],
    ["PUT", "/b/k?partNumber=1"],
    ["PUT", "/b/k?partNumber=1&uploadId="],
    ["PUT", "/b/k?partNumber=&uploadId=u"],
    ["PUT", "/b/k?partNumber=1&uploadId=u&acl"],
    ["PUT", "/b/k?partNumber=1&uploadId=u&invented=tomorrow"],
    ["PUT", "/b/k?partNumber=1&uploadId=u&uploadId=v"],
    ["DELETE", "/b/k?uploadId="],
    ["DELETE", "/b/k?uploadId=u&versionid=v"],
    ["POST", "/b/k?uploads&uploadId=u"],
    ["POST", "/b/k?uploads&invented"],
    ["POST", "/b/k?select"],
    ["PATCH", "/b/k"],
    ["POST", "/b?delete", [FORM]],
    ["PUT", "/b?cors&policy"],
    ["PUT", "/b?metrics"],
    ["POST", "/b?invented"],
  ];
  for (const [method, target, pairs] of cases) {
    const { operation, key } = routed(method, target, pairs).route;
    assert.equal(operation.name, "Unknown", target);
    assert.equal(operation.invalidates, key === "" ? "bucket" : "object", target);
    assert.equal(operation.cacheable, false);
  }
});

Deno.test("a route has the key in its canonical spelling and the version decoded", () => {
  const { route } = routed("GET", "/b/a%2fb%20c/../d?versionId=v%2B1");
  assert.deepEqual([route.bucket, route.key, route.versionId], ["b", "a/b%20c/../d", "v+1"]);
  assert.equal(routed("GET", "/b/k").route.versionId, undefined);
  assert.throws(() => routed("GET", "/b/k?versionId=%zz"), { code: "InvalidURI" });
});

const NAMES = [...new Set(OPERATIONS.flatMap(({ query }) => query))];
const requestArb = fc.record({
  method: fc.constantFrom("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"),
  path: fc.constantFrom("/", "/b", "/b/k"),
  names: fc.oneof(
    fc.constant<readonly string[]>([]),
    fc.constantFrom(...OPERATIONS).map(({ query }) => query),
    fc.subarray(NAMES, { maxLength: 3 }),
  ),
  modifiers: fc.subarray(["prefix", "x-id", "X-Amz-Date", "versionId"]),
  pairs: fc.subarray<HeaderPair>([FORM, ["x-amz-copy-source", "/b/j"], [
    "x-amz-request-route",
    "r",
  ]]),
});

/** The rows that match, found the slow and obvious way. */
function scan(
  method: string,
  path: string,
  names: readonly string[],
  pairs: readonly HeaderPair[],
): Operation[] {
  const level = path === "/" ? "service" : path === "/b" ? "bucket" : "object";
  const here = OPERATIONS.filter((row) => row.method === method && row.level === level);
  const marking = pairs.map(([name]) => name)
    .filter((name) => here.some((row) => row.header?.name === name));
  const readsPart = level === "object" && /GET|HEAD/.test(method);
  const asked = names.filter((name) => name !== "partNumber" || !readsPart);
  return here.filter((row) =>
    row.query.length === asked.length && row.query.every((name) => asked.includes(name)) &&
    marking.length === (row.header === undefined ? 0 : 1) &&
    marking.every((name) => name === row.header?.name)
  );
}

Deno.test("at most one row matches a request, whatever the order of its parameters", () => {
  fc.assert(
    fc.property(requestArb, fc.integer(), ({ method, path, names, modifiers, pairs }, seed) => {
      const rows = scan(method, path, names, pairs);
      assert.ok(rows.length <= 1, rows.map(({ name }) => name).join());
      const parameters = [...names, ...modifiers].map((name) => `${name}=1`);
      const shift = Math.abs(seed) % (parameters.length + 1);
      const query = [...parameters.slice(shift), ...parameters.slice(0, shift)].join("&");
      assert.equal(nameOf(method, `${path}?${query}`, pairs), rows[0]?.name ?? "Unknown");
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a parameter added to a write never makes it harmless", () => {
  const added = fc.string({ unit: fc.constantFrom(..."abcdeImUp-"), minLength: 2, maxLength: 8 });
  fc.assert(fc.property(fc.constantFrom(...SAMPLE_REQUESTS), added, (sample, name) => {
    const [, method, target, fields] = sample;
    const pairs = fields.map((field): HeaderPair => [field, "value"]);
    const before = routed(method, target, pairs).route.operation.invalidates;
    const extended = `${target}${target.includes("?") ? "&" : "?"}${name}`;
    const after = routed(method, extended, pairs).route.operation;
    if (before !== "nothing") assert.notEqual(after.invalidates, "nothing");
    if (NAMES.includes(name)) return;
    assert.equal(after.name, "Unknown");
  }));
});
