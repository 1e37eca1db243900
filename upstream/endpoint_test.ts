import assert from "node:assert/strict";
import { parseEndpoint } from "./endpoint.ts";

Deno.test("parseEndpoint leaves out the scheme's own port and the slash at the end", () => {
  assert.deepEqual(parseEndpoint("https://s3.example.com:443/"), {
    origin: "https://s3.example.com",
    host: "s3.example.com",
    pathPrefix: "",
  });
  assert.deepEqual(parseEndpoint("http://[::1]:9000/a/b//"), {
    origin: "http://[::1]:9000",
    host: "[::1]:9000",
    pathPrefix: "/a/b",
  });
});

for (
  const url of [
    "s3.example.com",
    "ftp://s3.example.com",
    "http://user:password@s3.example.com",
    "http://s3.example.com/?x",
    "http://s3.example.com/#x",
    "",
  ]
) {
  Deno.test(`parseEndpoint refuses ${JSON.stringify(url)}`, () => {
    assert.throws(() => parseEndpoint(url), TypeError);
  });
}
