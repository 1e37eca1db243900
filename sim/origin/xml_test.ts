import assert from "node:assert/strict";
import { child, children, childText, element, readXml } from "./xml.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("what is written is read back", () => {
  const text = "a<b>&\"'\r\n\t ü \u{1f600} ";
  const xml = element("Delete", [["Key", text], element("Object", [["Key", ""]])], { xmlns: "x" });
  const root = readXml(bytes(`<?xml version="1.0"?>\n<!-- c -->${xml}`), "Delete");
  assert.equal(childText(root, "Key"), text);
  assert.equal(childText(child(root, "Object")!, "Key"), "");
  assert.equal(children(root, "Absent").length, 0);
});

Deno.test("references of every kind are resolved, CDATA is text, prefixes are dropped", () => {
  const xml =
    "<a:Delete xmlns:a='x'><a:Key>&#65;&#x42;&amp;amp;<![CDATA[<&amp;]]></a:Key></a:Delete>";
  assert.equal(childText(readXml(bytes(xml), "Delete"), "Key"), "AB&amp;<&amp;");
});

Deno.test("what is not the document asked for is malformed", () => {
  const wrong = [
    "",
    "text",
    "<Delete>",
    "<Delete></Other>",
    "<Other/>",
    "<Delete/><Delete/>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><Delete>&b;</Delete>",
    "<Delete>&unknown;</Delete>",
    "<Delete>&constructor;</Delete>",
    "<Delete>&#x110000;</Delete>",
  ];
  for (const xml of wrong) {
    assert.throws(() => readXml(bytes(xml), "Delete"), { code: "MalformedXML" }, xml);
  }
  assert.throws(() => readXml(Uint8Array.of(0x3c, 0xff), "Delete"), { code: "MalformedXML" });
});
