import assert from "node:assert/strict";
import type { HeaderPair } from "./header_list.ts";
import { Query } from "./query.ts";
import { applyOverrides, responseOverrides } from "./response_overrides.ts";

const read = (raw: string) => responseOverrides(new Query(raw));

Deno.test("each of the six parameters names its header field", () => {
  const query = "response-content-type=text%2Fplain&response-content-language=de&x-id=GetObject" +
    "&response-expires=Sun%2C%2006%20Nov%201994%2008%3A49%3A37%20GMT&response-cache-control=no-store" +
    "&response-content-disposition=attachment%3B%20filename%3D%22a%20b%22" +
    "&response-content-encoding=gzip";
  assert.deepEqual(read(query), [
    ["content-type", "text/plain"],
    ["content-language", "de"],
    ["expires", "Sun, 06 Nov 1994 08:49:37 GMT"],
    ["cache-control", "no-store"],
    ["content-disposition", 'attachment; filename="a b"'],
    ["content-encoding", "gzip"],
  ]);
  assert.deepEqual(read("versionId=1"), []);
});

Deno.test("what servers may answer differently is left to the origin", () => {
  const odd = [
    "response-content-type=",
    "response-content-type",
    "response-content-type=a+b",
    "response-content-type=a&response-content-type=b",
    "response-content-type=a%0D%0Ax-injected:1",
    "response-content-type=%C3%A9",
    "response-content-type=%20a",
    "response-content-type=a%09b",
    "response-expires=tomorrow",
  ];
  for (const query of odd) assert.equal(read(query), undefined, query);
  assert.throws(() => read("response-content-type=%zz"), { code: "InvalidURI" });
});

Deno.test("an override takes the place of the field, or is added", () => {
  const fields: HeaderPair[] = [["etag", '"a"'], ["content-type", "x"], ["cache-control", "a"]];
  assert.deepEqual(applyOverrides(fields, []), fields);
  assert.deepEqual(
    applyOverrides([...fields, ["cache-control", "b"]], [
      ["cache-control", "no-store"],
      ["expires", "0"],
    ]),
    [["etag", '"a"'], ["content-type", "x"], ["cache-control", "no-store"], ["expires", "0"]],
  );
});
