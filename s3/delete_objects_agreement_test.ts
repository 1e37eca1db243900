import assert from "node:assert/strict";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { parseDeleteObjects } from "./delete_objects.ts";
import { S3Error } from "./error.ts";
import { encodeKey } from "./uri.ts";

/** What a second, strict parser of XML reads in a document; `undefined` where it refuses it. */
function readStrictly(
  document: string,
): { key: string; versionId: string | undefined }[] | undefined {
  const objects: { key: string; versionId: string | undefined }[] = [];
  const parser = new SaxesParser();
  const path: string[] = [];
  let fault = false;
  parser.on("error", () => {
    fault = true;
  });
  parser.on("opentag", ({ name }) => {
    path.push(name.slice(name.indexOf(":") + 1));
    if (path.join() === "Delete,Object") objects.push({ key: "", versionId: undefined });
    if (path.join() === "Delete,Object,VersionId") objects.at(-1)!.versionId ??= "";
  });
  parser.on("closetag", () => void path.pop());
  const take = (text: string) => {
    const at = path.join();
    if (at === "Delete,Object,Key") objects.at(-1)!.key += text;
    if (at === "Delete,Object,VersionId") objects.at(-1)!.versionId += text;
  };
  parser.on("text", take);
  parser.on("cdata", take);
  parser.write(document).close();
  if (fault) return undefined;
  return objects.map(({ key, versionId }) => ({ key: encodeKey(key), versionId }));
}

function readOurs(document: string): ReturnType<typeof readStrictly> {
  try {
    return parseDeleteObjects(new TextEncoder().encode(document)).map((object) => ({ ...object }));
  } catch (error) {
    assert.ok(error instanceof S3Error, String(error));
    return undefined;
  }
}

const letter = fc.constantFrom(
  ..."ab/ \t\n\r.é😀'\"]>",
  "&amp;",
  "&lt;",
  "&#x41;",
  "&#13;",
  "&#x1F600;",
);
const oddity = fc.constantFrom(
  "&nbsp;",
  "&#0;",
  "<![CDATA[<a>&amp;]]>",
  "<!-- c -->",
  "<?p i?>",
  "]]>",
  "&",
);
const text = fc.array(
  fc.oneof({ weight: 40, arbitrary: letter }, { weight: 1, arbitrary: oddity }),
  { minLength: 1, maxLength: 6 },
).map((parts) => parts.join(""));

const object = fc.tuple(text, fc.option(text), fc.boolean()).map(([key, version, first]) => {
  const versionId = version === null ? "" : `<VersionId>${version}</VersionId>`;
  const named = `<Key>${key}</Key>`;
  return `<Object>${first ? versionId + named : named + versionId}</Object>`;
});

/** Pieces that a document may be cut up and mended with. */
const piece = fc.constantFrom(
  "<Key>",
  "</Key>",
  "<Key/>",
  "<Object>",
  "</Object>",
  "<Object/>",
  "<Delete>",
  "</Delete>",
  '<x:Key xmlns:x="urn:a">',
  "</x:Key>",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<?xml version='1.0'?>",
  "<!DOCTYPE a>",
  '<Key a="b">',
  '<Key a="b" a="c">',
  "<Key a=b>",
  "<Key\n>",
  "</Key >",
  "</Key a>",
  "< Key>",
  "<",
  ">",
  "&",
  "'",
  "\0",
  "\ufffe",
  "x",
);

const documents = fc.record({
  prolog: fc.constantFrom("", '<?xml version="1.0" encoding="UTF-8"?>\n', "<!-- a -->", "\n"),
  objects: fc.array(object, { maxLength: 4 }),
  wounds: fc.array(fc.tuple(fc.nat(400), fc.nat(8), piece), { maxLength: 3 }),
}).map(({ prolog, objects, wounds }) => {
  let document = `${prolog}<Delete><Quiet>true</Quiet>${objects.join("\n")}</Delete>`;
  for (const [at, gone, mend] of wounds) {
    const place = at % (document.length + 1);
    document = document.slice(0, place) + mend + document.slice(place + gone);
  }
  // A document is bytes: half a character can't be among them.
  return document.toWellFormed();
});

Deno.test("what we and a strict parser of XML read of a document is the same", () => {
  let read = 0;
  fc.assert(
    fc.property(documents, (document) => {
      const ours = readOurs(document);
      const strict = readStrictly(document);
      if (ours === undefined || strict === undefined) return;
      read++;
      assert.deepEqual(ours, strict, document);
    }),
    { numRuns: 3000 },
  );
  assert.ok(read > 100, `only ${read} documents were read`);
});
