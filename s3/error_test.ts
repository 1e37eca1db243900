import assert from "node:assert/strict";
import { S3_ERRORS, S3Error, type S3ErrorCode } from "./error.ts";

Deno.test("every code has an error status and a message", () => {
  for (const [code, [status, message]] of Object.entries(S3_ERRORS)) {
    assert.ok(status >= 400 && status < 600, code);
    assert.ok(message.length > 0, code);
    assert.equal(new S3Error(code as S3ErrorCode).status, status);
  }
});

Deno.test("an error carries what it was given", () => {
  const cause = new Error("inner");
  const error = new S3Error("InvalidRange", {
    message: "no",
    details: { ActualObjectSize: "10" },
    headers: [["content-range", "bytes */10"]],
    cause,
  });
  assert.equal(error.code, "InvalidRange");
  assert.equal(error.message, "no");
  assert.deepEqual(error.details, { ActualObjectSize: "10" });
  assert.deepEqual(error.headers, [["content-range", "bytes */10"]]);
  assert.equal(error.cause, cause);
  assert.equal(error.name, "S3Error");
  assert.ok(error instanceof Error);
});
