import fc from "fast-check";
import assert from "node:assert/strict";
import { parseDeleteObjects } from "./delete_objects.ts";
import { S3Error } from "./error.ts";
import { escapeXml } from "./error_xml.ts";
import { encodeKey } from "./uri.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const keys = (text: string) => parseDeleteObjects(encode(text)).map(({ key }) => key);
const around = (inner: string) => `<Delete><Object><Key>${inner}</Key></Object></Delete>`;

Deno.test("a document as the SDKs write it", () => {
  const document = '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n' +
    "  <Object><Key>a/b c</Key><VersionId>v1</VersionId><ETag>&quot;x&quot;</ETag></Object>\n" +
    "  <Object>\n<VersionId>null</VersionId>\n<Key>é</Key></Object>\n" +
    "  <Quiet>true</Quiet>\n</Delete>\n";
  assert.deepEqual(parseDeleteObjects(encode(document)), [
    { key: "a/b%20c", versionId: "v1" },
    { key: "%C3%A9", versionId: "null" },
  ]);
});

Deno.test("a key is its text, to the last blank", () => {
  const cases: Readonly<Record<string, string>> = {
    " a ": "%20a%20",
    "\n\t": "%0A%09",
    "1e5": "1e5",
    "007": "007",
    "0x1F": "0x1F",
    "true": "true",
    "a+b": "a%2Bb",
    "a%20b": "a%2520b",
    "../x": "../x",
    "__proto__": "__proto__",
    "#text": "%23text",
    "a&amp;amp;b": "a%26amp%3Bb",
    "&lt;&gt;&quot;&apos;": "%3C%3E%22%27",
    "&#65;&#x42;&#x1F600;&#128512;": "AB%F0%9F%98%80%F0%9F%98%80",
    "&#13;&#10;&#1;": "%0D%0A%01",
    "a\r\nb\rc": "a%0Ab%0Ac",
    "<![CDATA[a&amp;<b>]]>c": "a%26amp%3B%3Cb%3Ec",
    "<![CDATA[ ]]>": "%20",
    "<![CDATA[a]]]]><![CDATA[>b]]>": "a%5D%5D%3Eb",
  };
  for (const [inner, key] of Object.entries(cases)) {
    assert.deepEqual(keys(around(inner)), [key], inner);
  }
});

Deno.test("prefixes, attributes, comments and instructions beside the objects do not matter", () => {
  assert.deepEqual(
    keys('\ufeff<s:Delete xmlns:s="urn:x"><s:Object id="1"><s:Key>a</s:Key></s:Object></s:Delete>'),
    ["a"],
  );
  assert.deepEqual(
    keys(
      "<!-- x --><Delete><!-- <Object><Key>z</Key></Object> --><?pi y?>" +
        "<Future><Object><Key>z</Key></Object></Future><Object><Key>a</Key><New/></Object></Delete>",
    ),
    ["a"],
  );
});

Deno.test("what two parsers might read differently is refused", () => {
  const documents = [
    "",
    " ",
    "a",
    "<Delete/>",
    "<Delete><Quiet>true</Quiet></Delete>",
    "<Delete><Object></Object></Delete>",
    around(""),
    "<Delete><Object><VersionId>1</VersionId></Object></Delete>",
    "<delete><Object><Key>a</Key></Object></delete>",
    "<Delete><object><Key>a</Key></object></Delete>",
    "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
    "<Delete><Object><Key>a</Key><VersionId>1</VersionId><VersionId>2</VersionId></Object></Delete>",
    "<Delete>x<Object><Key>a</Key></Object></Delete>",
    "<Delete><Object>x<Key>a</Key></Object></Delete>",
    "<Delete><![CDATA[x]]><Object><Key>a</Key></Object></Delete>",
    around("a<b/>c"),
    around("a<!-- c -->b"),
    around("a<?p c?>b"),
    around("a & b"),
    around("a&amp b"),
    around("a&unknown;"),
    around("a&nbsp;"),
    around("a&#0;"),
    around("a&#xD800;"),
    around("a&#x110000;"),
    around("a&#-1;"),
    around("a\u0001"),
    around("a]]>b"),
    around("a") + around("b"),
    around("a") + "<x/>",
    around("a") + "x",
    "x" + around("a"),
    "<Delete><Object><Key>a</Object></Key></Delete>",
    "<Delete><Object><Key>a</Key></Object>",
    '<?xml version="1.1"?>' + around("a"),
    '<?xml version="1.0" encoding="ISO-8859-1"?>' + around("a"),
    "<!DOCTYPE Delete>" + around("a"),
    '<!DOCTYPE d [<!ENTITY a "b">]>' + around("&a;"),
    "<Delete>" + "<a>".repeat(5000) + "</a>".repeat(5000) + "</Delete>",
  ];
  for (const document of documents) {
    assert.throws(() => keys(document), { code: "MalformedXML" }, document.slice(0, 90));
  }
});

Deno.test("bytes that are not UTF-8 are refused", () => {
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...around("a").split("").flatMap((c) => [c.charCodeAt(0), 0]),
  ]);
  assert.throws(() => parseDeleteObjects(utf16), { code: "MalformedXML" });
  const latin1 = Uint8Array.from(around("\u00e9"), (character) => character.charCodeAt(0));
  assert.throws(() => parseDeleteObjects(latin1), { code: "MalformedXML" });
});

Deno.test("at most a thousand objects", () => {
  const many = (count: number) =>
    `<Delete>${"<Object><Key>a&amp;b</Key></Object>".repeat(count)}</Delete>`;
  assert.equal(keys(many(1000)).length, 1000);
  assert.throws(() => keys(many(1001)), { code: "MalformedXML" });
});

Deno.test("keys are read as they were written, whatever the spelling", () => {
  const numeric = (text: string) =>
    [...text].map((c) => `&#x${c.codePointAt(0)!.toString(16)};`).join("");
  const spelling = fc.constantFrom(escapeXml, numeric, (text: string) => `<![CDATA[${text}]]>`);
  const text = fc.string({
    unit: fc.constantFrom(..."ab &<>\"';#x1]é😀\n\t/%+"),
    minLength: 1,
    maxLength: 20,
  })
    .filter((value) => !value.includes("]]>"));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, spelling), { minLength: 1, maxLength: 5 }), (entries) => {
      const objects = entries.map(([key, spell]) => `<Object><Key>${spell(key)}</Key></Object>`);
      assert.deepEqual(
        keys(`<Delete>${objects.join("")}</Delete>`),
        entries.map(([key]) => encodeKey(key)),
      );
    }),
  );
});

Deno.test("whatever the bytes, nothing but MalformedXML is thrown", () => {
  const only = (bytes: Uint8Array) => {
    try {
      parseDeleteObjects(bytes);
    } catch (error) {
      assert.ok(error instanceof S3Error && error.code === "MalformedXML");
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), only));
  const pieces = fc.array(
    fc.constantFrom(
      "<Delete>",
      "</Delete>",
      "<Object>",
      "</Object>",
      "<Key>",
      "</Key>",
      "<Key/>",
      "a",
      " ",
      "&",
      "&amp;",
      "<![CDATA[",
      "]]>",
      "<!--",
      "-->",
      "<?x",
      "?>",
      "<",
      ">",
      '"',
      "<a:b",
      "constructor",
    ),
    { maxLength: 25 },
  );
  fc.assert(fc.property(pieces, (parts) => only(encode(parts.join("")))), { numRuns: 500 });
});
