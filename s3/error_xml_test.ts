import { XMLParser } from "fast-xml-parser";
import fc from "fast-check";
import assert from "node:assert/strict";
import { S3Error } from "./error.ts";
import { errorXml, escapeXml } from "./error_xml.ts";

const CONTEXT = { resource: "/b/k", requestId: "R1", hostId: "H1" };

Deno.test("details stand between the message and the resource, in order", () => {
  const error = new S3Error("InvalidRange", {
    details: { RangeRequested: "bytes=9-", ActualObjectSize: "3" },
  });
  assert.equal(
    errorXml(error, CONTEXT),
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      "<Error><Code>InvalidRange</Code><Message>The requested range is not satisfiable</Message>" +
      "<RangeRequested>bytes=9-</RangeRequested><ActualObjectSize>3</ActualObjectSize>" +
      "<Resource>/b/k</Resource><RequestId>R1</RequestId><HostId>H1</HostId></Error>",
  );
});

Deno.test("what XML can't carry is replaced, what it would change is escaped", () => {
  assert.equal(escapeXml('<a b="c">&amp;\''), "&lt;a b=&quot;c&quot;&gt;&amp;amp;'");
  assert.equal(
    escapeXml("\0\x01\x08\x0b\x0c\x1f\ufffe\uffff\ud800\udc00\ud800"),
    "\ufffd".repeat(8) + "\ud800\udc00\ufffd",
  );
  assert.equal(escapeXml("a\r\n\tb"), "a&#13;\n\tb");
  assert.equal(escapeXml("]]>"), "]]&gt;");
});

Deno.test("a parser reads the text that was written", () => {
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: false,
    processEntities: { enabled: true, maxTotalExpansions: 100_000 },
    htmlEntities: true,
  });
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 })
    .filter((value) => value === value.toWellFormed())
    // deno-lint-ignore no-control-regex
    .filter((value) => !/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/.test(value));
  fc.assert(fc.property(text, text, (message, resource) => {
    const error = new S3Error("AccessDenied", { message });
    const document = parser.parse(errorXml(error, { ...CONTEXT, resource }));
    assert.equal(document.Error.Message, message);
    assert.equal(document.Error.Resource, resource);
  }));
});
