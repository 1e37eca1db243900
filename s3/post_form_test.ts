import fc from "fast-check";
import assert from "node:assert/strict";
import { S3Error } from "./error.ts";
import {
  formBoundary,
  type FormField,
  type FormFile,
  formHead,
  MAX_FORM_FIELD_BYTES,
  MAX_FORM_HEAD_BYTES,
  parsePostForm,
  type PostForm,
} from "./post_form.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A part with the head and body given, after its delimiter. */
const part = (head: string, body: string) =>
  `--X\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}`;
const field = (name: string, value: string) => `${part(`name="${name}"`, value)}\r\n`;
const file = (name: string) => part(`name="file"; filename="${name}"`, "");

function parse(text: string): PostForm | undefined {
  return parsePostForm(encode(text), "X");
}

function whole(text: string): PostForm {
  const form = parse(text);
  assert.ok(form !== undefined);
  return form;
}

Deno.test("the boundary is what the Content-Type names", () => {
  const boundary = (parameter: string) => formBoundary(`multipart/form-data${parameter}`);
  assert.equal(boundary("; boundary=----WebKitFormBoundaryabc"), "----WebKitFormBoundaryabc");
  assert.equal(boundary(';boundary="a b"'), "a b");
  assert.equal(boundary("; charset=utf-8; BOUNDARY=x"), "x");
  assert.equal(formBoundary("Multipart/Form-Data; boundary=x"), "x");
  for (
    const none of [
      "",
      "; boundary=",
      '; boundary="a "',
      `; boundary=${"a".repeat(71)}`,
      "; boundary=é",
      "; xboundary=a",
    ]
  ) {
    assert.throws(() => boundary(none), { code: "MalformedPOSTRequest" }, none);
  }
  assert.throws(() => formBoundary("text/plain; boundary=x"), { code: "MalformedPOSTRequest" });
});

Deno.test("a form as a browser sends it", () => {
  const text = field("Key", "user/${filename}") + field("X-Amz-Signature", "abc") +
    field("empty", "") + field("lines", "a\r\nb\r\n--Y") + field("x-amz-meta-é", "ü") +
    '--X\r\ncontent-disposition: form-data; name="file"; filename="C:\\dir\\a b.txt"\r\n' +
    "Content-Type: text/plain\r\n\r\ncontent\r\n--X--\r\n";
  const form = whole(text);
  assert.deepEqual(form.fields, [
    { name: "key", value: "user/${filename}" },
    { name: "x-amz-signature", value: "abc" },
    { name: "empty", value: "" },
    { name: "lines", value: "a\r\nb\r\n--Y" },
    { name: "x-amz-meta-é", value: "ü" },
  ]);
  assert.deepEqual(form.file, { fileName: "C:\\dir\\a b.txt", contentType: "text/plain" });
  const content = encode(text).subarray(form.contentStart);
  assert.equal(new TextDecoder().decode(content), "content\r\n--X--\r\n");
});

Deno.test("a form that could be read in two ways is refused", () => {
  const forms = [
    "y",
    "--Y\r\n",
    "\r\n--X\r\n",
    "--Xy\r\n",
    "--X\n",
    "--X-y",
    "--X\r\n\r\nno head\r\n--X\r\n\r\n",
    part('name=""', "") + "\r\n",
    part("name", "") + "\r\n",
    part('filename="a"', "") + "\r\n",
    part('name="a"; name="b"', "") + "\r\n",
    part('name="a\\"b"', "") + "\r\n",
    part('name="a" x', "") + "\r\n",
    part('name="a', "") + "\r\n",
    '--X\r\nContent-Disposition: attachment; name="a"\r\n\r\n',
    "--X\r\nContent-Type: text/plain\r\n\r\n",
    '--X\r\nContent-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"\r\n\r\n',
    '--X\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\n',
    '--X\r\nContent-Disposition : form-data; name="a"\r\n\r\n',
    '--X\r\nContent-Disposition: form-data; name="a"\nx: y\r\n\r\n',
    field("key", "a") + field("KEY", "b") + file("a"),
    field("key", "a\r\n--Xb") + file("a"),
  ];
  for (const text of forms) {
    assert.throws(() => parse(text), { code: "MalformedPOSTRequest" }, text);
  }
  const latin1 = Uint8Array.from(field("key", "\u00e9") + file("a"), (c) => c.charCodeAt(0));
  assert.throws(() => parsePostForm(latin1, "X"), { code: "MalformedPOSTRequest" });
});

Deno.test("a form without a file is refused", () => {
  const expected = { code: "IncorrectNumberOfFilesInPostRequest" };
  assert.throws(() => parse(field("key", "a") + "--X--\r\n"), expected);
  assert.throws(() => parse("--X--"), expected);
});

Deno.test("at most 20 KiB of fields stand before the file", () => {
  const tooLarge = { code: "MaxPostPreDataLengthExceededError" };
  const most = "a".repeat(MAX_FORM_FIELD_BYTES - "key".length);
  assert.equal(whole(field("key", most) + file("a")).fields[0]?.value, most);
  assert.throws(() => parse(field("key", most + "a") + file("a")), tooLarge);
  assert.throws(
    () => parse(field("a", most.slice(9)) + field("b", "more than nine") + file("a")),
    tooLarge,
  );
  assert.throws(() => parse(part('name="a"', "a".repeat(MAX_FORM_FIELD_BYTES + 100))), tooLarge);
  const head = `--X\r\nContent-Disposition: form-data; name="a"; x="${
    "a".repeat(MAX_FORM_HEAD_BYTES)
  }`;
  assert.throws(() => parse(head), tooLarge);
});

const nameArb = fc.string({ unit: fc.constantFrom(..."abk-é $;=, "), minLength: 1, maxLength: 8 })
  .map((name) => name.toLowerCase()).filter((name) => name !== "file");
const valueArb = fc.string({ unit: fc.constantFrom(...'aé\r\n-X"\\;${}'), maxLength: 20 })
  .filter((value) => !`\r\n${value}`.includes("\r\n--X"));
const formArb = fc.record({
  fields: fc.uniqueArray(
    fc.record<FormField>({ name: nameArb, value: valueArb }, { noNullPrototype: true }),
    {
      selector: ({ name }) => name,
      maxLength: 5,
    },
  ),
  file: fc.record<FormFile>({
    fileName: fc.string({ unit: fc.constantFrom(...'aé/";= '), maxLength: 10 }),
    contentType: fc.constantFrom(undefined, "text/plain", 'text/html; charset="utf-8"'),
  }, { noNullPrototype: true }),
});

Deno.test("a form is read as it was written, and only when it is all there", () => {
  fc.assert(fc.property(formArb, ({ fields, file }) => {
    const head = formHead(fields, file, "X");
    for (let length = 0; length < head.length; length++) {
      assert.equal(parsePostForm(head.subarray(0, length), "X"), undefined, String(length));
    }
    const form = { fields, file, contentStart: head.length };
    assert.deepEqual(parsePostForm(head, "X"), form);
    assert.deepEqual(parsePostForm(new Uint8Array([...head, 0xff, 13, 10]), "X"), form);
  }));
});

Deno.test("what can't be read again is not written", () => {
  const file: FormFile = { fileName: "a", contentType: undefined };
  const malformed = { code: "MalformedPOSTRequest" };
  assert.throws(() => formHead([{ name: "a", value: "b\r\n--X" }], file, "X"), malformed);
  assert.throws(() => formHead([{ name: 'a"', value: "" }], file, "X"), malformed);
  assert.throws(() => formHead([{ name: "a\r\nb", value: "" }], file, "X"), malformed);
  assert.throws(() => formHead([], { ...file, fileName: "a\r\nb" }, "X"), malformed);
  assert.throws(() => formHead([], { ...file, contentType: "a\r\nb" }, "X"), malformed);
});

Deno.test("whatever the bytes, nothing but an S3Error is thrown", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "--X",
      "\r\n",
      "--",
      "Content-Disposition: form-data; ",
      'name="a"',
      'name="file"',
      "; ",
      '"',
      "\\",
      "a",
      "\n",
      "\u00ff",
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      try {
        parsePostForm(Uint8Array.from(parts.join(""), (c) => c.charCodeAt(0)), "X");
      } catch (error) {
        assert.ok(error instanceof S3Error);
      }
    }),
    { numRuns: 500 },
  );
});
