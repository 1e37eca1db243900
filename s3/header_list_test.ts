import assert from "node:assert/strict";
import { HeaderList } from "./header_list.ts";

Deno.test("repeated fields are joined in order, others are found by lower-case name", () => {
  const headers = new HeaderList([["a", "1"], ["b", ""], ["a", "2"], ["a", ""]]);
  assert.equal(headers.get("a"), "1,2,");
  assert.equal(headers.get("b"), "");
  assert.equal(headers.get("c"), undefined);
  assert.equal(headers.has("b"), true);
  assert.equal(headers.has("B"), false);
});
