import assert from "node:assert/strict";
import { type Conditions, ifRangeHolds, weigh } from "./conditions.ts";
import { startOrigin } from "./origin.ts";

const WRITTEN = Date.UTC(2026, 0, 2, 3, 4, 5);
const before = new Date(WRITTEN - 1000).toUTCString();
const later = new Date(WRITTEN + 2000).toUTCString();
const same = new Date(WRITTEN).toUTCString();

async function storedObject() {
  await using origin = await startOrigin({ now: () => WRITTEN + 700 });
  return origin.put("bucket", "k", "x");
}

Deno.test("conditions are weighed in the order of RFC 9110", async () => {
  const object = await storedObject();
  const { etag } = object;
  const none: Conditions = {
    ifMatch: undefined,
    ifNoneMatch: undefined,
    ifModifiedSince: undefined,
    ifUnmodifiedSince: undefined,
  };
  const cases: readonly (readonly [Partial<Conditions>, string])[] = [
    [{}, "go"],
    [{ ifMatch: etag }, "go"],
    [{ ifMatch: "*" }, "go"],
    [{ ifMatch: `"a", ${etag}` }, "go"],
    [{ ifMatch: etag.slice(1, -1) }, "go"],
    [{ ifMatch: '"a"' }, "failed"],
    [{ ifMatch: etag, ifUnmodifiedSince: before }, "go"],
    [{ ifUnmodifiedSince: before }, "failed"],
    [{ ifUnmodifiedSince: same }, "go"],
    [{ ifUnmodifiedSince: "no date" }, "go"],
    [{ ifNoneMatch: etag }, "not_modified"],
    [{ ifNoneMatch: `W/${etag}` }, "not_modified"],
    [{ ifNoneMatch: "*" }, "not_modified"],
    [{ ifNoneMatch: '"a"', ifModifiedSince: same }, "go"],
    [{ ifModifiedSince: same }, "not_modified"],
    [{ ifModifiedSince: before }, "go"],
    [{ ifModifiedSince: later }, "go"],
    [{ ifMatch: '"a"', ifNoneMatch: etag }, "failed"],
    [{ ifMatch: etag, ifNoneMatch: etag }, "not_modified"],
  ];
  for (const [given, verdict] of cases) {
    assert.equal(
      weigh({ ...none, ...given }, object, WRITTEN + 1000).kind,
      verdict,
      JSON.stringify(given),
    );
  }
});

Deno.test("If-Range wants the strong tag or the very date", async () => {
  const object = await storedObject();
  for (const good of [undefined, object.etag, same]) assert.ok(ifRangeHolds(good, object));
  for (const bad of [`W/${object.etag}`, '"a"', before, "x"]) {
    assert.ok(!ifRangeHolds(bad, object), bad);
  }
});
