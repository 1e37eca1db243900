import assert from "node:assert/strict";
import { checkPublished, ownDocFaults, publishedFiles } from "./publish_check.ts";

const OUTPUT = `Checking for slow types in the public API...
Simulating publish of @a/b@0.1.0 with files:
   file:///p/deno.json (236B)
   file:///p/mod.ts (12.1KB)
Success Dry run complete
`;

Deno.test("the files are read from what deno prints", () => {
  assert.deepEqual(publishedFiles(OUTPUT), ["/p/deno.json", "/p/mod.ts"]);
});

Deno.test("tests, benchmarks and test data stay at home", () => {
  assert.deepEqual(checkPublished(["/p/mod.ts", "/p/a.ts"]), []);
  for (const file of ["/p/a_test.ts", "/p/a_bench.ts", "/p/testdata/a.json", "/p/project.json"]) {
    assert.equal(checkPublished(["/p/mod.ts", file]).length, 1, file);
  }
});

Deno.test("a package without its door is refused", () => {
  assert.equal(checkPublished([]).length, 1);
});

Deno.test("a member answers for its own documentation only", () => {
  const output = `error[missing-jsdoc]: a
  --> /p/s3/uri.ts:1:1

error[private-type-ref]: b
  --> /p/auth/sign.ts:2:1

error: Found 2 documentation lint errors.
`;
  assert.equal(ownDocFaults(output, "/p/auth/").length, 1);
  assert.match(ownDocFaults(output, "/p/s3/")[0] ?? "", /missing-jsdoc/);
  assert.deepEqual(ownDocFaults(output, "/p/proxy/"), []);
});
