import assert from "node:assert/strict";
import { HeaderList, Query } from "@s3-edge-cache/s3";
import fc from "fast-check";
import { byBytes, listPage, listRequest } from "./list_objects.ts";

function asked(query: string) {
  return listRequest({
    method: "GET",
    headers: new HeaderList([]),
    query: new Query(query),
    bucket: "bucket",
    key: "",
    signer: "owner",
    body: new Uint8Array(0),
    trailers: [],
  });
}

Deno.test("pages put together are the listing, in order, each name once", () => {
  const key = fc.array(fc.constantFrom("a", "b", "/", "\xff"), { minLength: 1, maxLength: 6 })
    .map((letters) => letters.join(""));
  fc.assert(fc.property(fc.array(key), fc.integer({ min: 1, max: 4 }), (given, size) => {
    const keys = [...new Set(given)].sort(byBytes);
    const request = { ...asked("delimiter=/&prefix=a"), maxKeys: size };
    const expected = new Set(
      keys.filter((each) => each.startsWith("a")).map((each) => {
        const slash = each.indexOf("/", 1);
        return slash < 0 ? each : each.slice(0, slash + 1);
      }),
    );
    const found: string[] = [];
    for (let after = "", more = true; more;) {
      const page = listPage(keys, request, after);
      assert.ok(page.keys.length + page.prefixes.length <= size);
      found.push(...[...page.keys, ...page.prefixes].sort(byBytes));
      after = page.last;
      more = page.truncated;
    }
    assert.deepEqual(found, [...expected].sort(byBytes));
  }));
});

Deno.test("url encoding is that of forms, slashes left", () => {
  assert.equal(asked("encoding-type=url").encode("a b/\xc3\xbc+&*~"), "a+b/%C3%BC%2B%26*%7E");
  assert.equal(asked("").encode("\xc3\xbc+"), "ü+");
});

Deno.test("wrong parameters are refused, a page has at most 1000 keys", () => {
  assert.equal(asked("max-keys=5000").maxKeys, 1000);
  assert.equal(asked("max-keys=0").maxKeys, 0);
  for (const query of ["max-keys=-1", "max-keys=x", "encoding-type=xml"]) {
    assert.throws(() => asked(query), { code: "InvalidArgument" }, query);
  }
});
