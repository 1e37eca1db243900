import assert from "node:assert/strict";
import { OPERATIONS, unknownOperation } from "./operation.ts";
import { SAMPLE_REQUESTS } from "./testdata/sample_requests.ts";

Deno.test("the table has every operation of the API Reference, and no other", () => {
  const names = OPERATIONS.map(({ name }) => name).toSorted();
  const expected = [...SAMPLE_REQUESTS.map(([name]) => name), "PostObject"].toSorted();
  assert.deepEqual(names, expected);
});

Deno.test("only GetObject and HeadObject may be answered from the cache", () => {
  const names = OPERATIONS.filter(({ cacheable }) => cacheable).map(({ name }) => name);
  assert.deepEqual(names, ["GetObject", "HeadObject"]);
});

Deno.test("what reads makes nothing stale", () => {
  for (const { name, method, invalidates } of OPERATIONS) {
    if (["GET", "HEAD", "OPTIONS"].includes(method)) assert.equal(invalidates, "nothing", name);
  }
});

Deno.test("a write on an object makes it stale, a step of an upload does not", () => {
  const harmless = OPERATIONS
    .filter(({ method, level }) => level === "object" && !["GET", "HEAD"].includes(method))
    .filter(({ invalidates }) => invalidates === "nothing")
    .map(({ name }) => name);
  assert.deepEqual(harmless, [
    "AbortMultipartUpload",
    "CreateMultipartUpload",
    "OptionsObject",
    "SelectObjectContent",
    "UploadPart",
    "UploadPartCopy",
  ]);
});

Deno.test("whatever changes who may read, or a field of an object's answer, concerns its bucket", () => {
  const wide = OPERATIONS.filter(({ invalidates }) => invalidates === "bucket")
    .map(({ name }) => name);
  assert.deepEqual(wide, [
    "CreateBucket",
    "DeleteBucket",
    "DeleteBucketLifecycle",
    "DeleteBucketOwnershipControls",
    "DeleteBucketPolicy",
    "DeleteBucketReplication",
    "DeleteBucketTagging",
    "DeletePublicAccessBlock",
    "PutBucketAbac",
    "PutBucketAcl",
    "PutBucketLifecycleConfiguration",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketReplication",
    "PutBucketRequestPayment",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutPublicAccessBlock",
  ]);
});

Deno.test("an unknown operation is taken to change what it addresses, unless it reads", () => {
  assert.equal(unknownOperation("PATCH", "object").invalidates, "object");
  assert.equal(unknownOperation("POST", "bucket").invalidates, "bucket");
  assert.equal(unknownOperation("POST", "service").invalidates, "nothing");
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    const operation = unknownOperation(method, "object");
    assert.equal(operation.invalidates, "nothing");
    assert.equal(operation.cacheable, false);
  }
});
