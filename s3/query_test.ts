import fc from "fast-check";
import assert from "node:assert/strict";
import { Query } from "./query.ts";
import { uriEncode } from "./uri.ts";

Deno.test("parameters keep order, spelling and emptiness", () => {
  const query = new Query("b=2&a&c=&b=%31&&d=x=y&e=a+b");
  assert.deepEqual(query.parameters.map(({ raw }) => raw), [
    "b=2",
    "a",
    "c=",
    "b=%31",
    "d=x=y",
    "e=a+b",
  ]);
  assert.equal(query.get("b"), "2");
  assert.equal(query.get("a"), "");
  assert.equal(query.get("c"), "");
  assert.equal(query.get("d"), "x=y");
  assert.equal(query.get("e"), "a+b");
  assert.equal(query.get("f"), undefined);
  assert.equal(query.has("a"), true);
  assert.equal(query.has("A"), false);
});

Deno.test("an empty query has no parameters", () => {
  assert.deepEqual(new Query("").parameters, []);
  assert.deepEqual(new Query("&&").parameters, []);
});

Deno.test("names are decoded, values only when read", () => {
  assert.equal(new Query("version%49d=%32").get("versionId"), "2");
  assert.throws(() => new Query("%zz=1"), { code: "InvalidURI" });
  const query = new Query("a=%zz");
  assert.equal(query.parameters[0]?.rawValue, "%zz");
  assert.throws(() => query.get("a"), { code: "InvalidURI" });
});

Deno.test("what is left out is left out by its decoded name, the rest stays as it came", () => {
  const query = new Query("a=%2f&X-Amz-Date=1&b=+&x%2damz-date=2&c");
  assert.equal(query.without((name) => name.toLowerCase() === "x-amz-date"), "a=%2f&b=+&c");
  assert.equal(query.without(() => false), query.raw);
  assert.equal(query.without(() => true), "");
});

Deno.test("a query is read as it was written", () => {
  const text = fc.string({ unit: "binary", maxLength: 10 });
  fc.assert(fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (pairs) => {
    const query = new Query(pairs.map((pair) => pair.map(uriEncode).join("=")).join("&"));
    assert.deepEqual(query.parameters.map(({ name }) => name), pairs.map(([name]) => name));
    for (const [name] of pairs) {
      assert.equal(query.get(name), pairs.find((pair) => pair[0] === name)?.[1]);
    }
  }));
});
