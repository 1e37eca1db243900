/**
 * Form uploads: the multipart/form-data body of a POST on a bucket (RFC 7578, and "POST Object"
 * in the Amazon S3 API Reference).
 *
 * The fields before the file are read strictly: a part without a name, a repeated field or bytes
 * that are not UTF-8 are refused.
 *
 * @module
 */
import { S3Error } from "./error.ts";

/** One field of a form, the file aside. */
export interface FormField {
  /** Its name in lower case: S3 does not tell cases apart. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
}

/** The file of a form, without its content. */
export interface FormFile {
  /** What the client calls the file, as it came; empty where it says nothing. */
  readonly fileName: string;
  /** The part's own Content-Type, `undefined` where it has none. */
  readonly contentType: string | undefined;
}

/** A form upload as far as the beginning of the file. */
export interface PostForm {
  /** The fields before the file, in order. */
  readonly fields: readonly FormField[];
  /** The file. */
  readonly file: FormFile;
  /** Position in the body of the first byte of the file's content. */
  readonly contentStart: number;
}

/** Most bytes of names and values that may stand before the file. */
export const MAX_FORM_FIELD_BYTES: number = 20 * 1024;

/** Most bytes that may stand before the file's content, heads and boundaries included. */
export const MAX_FORM_HEAD_BYTES: number = 64 * 1024;

const TOO_LARGE = "MaxPostPreDataLengthExceededError";

/**
 * The boundary that a Content-Type field names.
 *
 * @throws {S3Error} MalformedPOSTRequest if it is no multipart/form-data with a boundary of
 * RFC 2046, section 5.1.1.
 */
export function formBoundary(contentType: string): string {
  const match = /^multipart\/form-data[ \t]*;(?:.*;)?[ \t]*boundary=(?:"([^"]*)"|([^";, \t]*))/i
    .exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? "";
  if (!/^[A-Za-z0-9'()+_,\-./:=? ]{0,69}[A-Za-z0-9'()+_,\-./:=?]$/.test(boundary)) {
    throw malformed();
  }
  return boundary;
}

/**
 * Reads a form up to its file.
 *
 * @param body The body as far as it has arrived. Call again with more of it, from its first
 * byte on, until the form is there.
 * @param boundary The boundary that the Content-Type names.
 * @returns The form, or `undefined` while its file has not begun.
 * @throws {S3Error} MalformedPOSTRequest; MaxPostPreDataLengthExceededError for more than 20 KiB
 * of fields; IncorrectNumberOfFilesInPostRequest for a form that ends without a file.
 *
 * @example
 * ```ts
 * import { formBoundary, parsePostForm } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const body = new TextEncoder().encode([
 *   "--X",
 *   'Content-Disposition: form-data; name="key"',
 *   "",
 *   "in/${filename}",
 *   "--X",
 *   'Content-Disposition: form-data; name="file"; filename="a.txt"',
 *   "",
 *   "content",
 * ].join("\r\n"));
 * const boundary = formBoundary("multipart/form-data; boundary=X");
 * assert.equal(parsePostForm(body.subarray(0, 60), boundary), undefined);
 * const form = parsePostForm(body, boundary)!;
 * assert.deepEqual(form.fields, [{ name: "key", value: "in/${filename}" }]);
 * assert.equal(new TextDecoder().decode(body.subarray(form.contentStart)), "content");
 * ```
 */
export function parsePostForm(body: Uint8Array, boundary: string): PostForm | undefined {
  // One character a byte: positions in the text are positions in the body.
  const text = new TextDecoder("latin1").decode(body.subarray(0, MAX_FORM_HEAD_BYTES));
  const delimiter = `--${boundary}`;
  if (!delimiter.startsWith(text.slice(0, delimiter.length))) throw malformed();
  const fields: FormField[] = [];
  let fieldBytes = 0;
  let position = 0;
  for (;;) {
    const part = readPart(body, text, position, delimiter);
    if (part === undefined) break;
    const { name, fileName, contentType, contentStart, contentEnd } = part;
    if (name === "file") return { fields, file: { fileName, contentType }, contentStart };
    if (fields.some((field) => field.name === name)) throw malformed();
    fields.push({ name, value: utf8(body.subarray(contentStart, contentEnd)) });
    fieldBytes += name.length + contentEnd - contentStart;
    if (fieldBytes > MAX_FORM_FIELD_BYTES) throw new S3Error(TOO_LARGE);
    position = contentEnd + 2;
  }
  if (body.length >= MAX_FORM_HEAD_BYTES) throw new S3Error(TOO_LARGE);
  return undefined;
}

/**
 * Writes the beginning of a form: what stands before the content of its file.
 *
 * @param fields The fields before the file.
 * @param file The file.
 * @param boundary The boundary that separates the parts.
 * @throws {S3Error} MalformedPOSTRequest for a value in which the boundary occurs, and for names
 * that can't stand in a part's head.
 */
export function formHead(
  fields: readonly FormField[],
  file: FormFile,
  boundary: string,
): Uint8Array<ArrayBuffer> {
  const lines: string[] = [];
  const disposition = `Content-Disposition: form-data; name=`;
  for (const { name, value } of fields) {
    if (!/^[^"\\\r\n]+$/.test(name) || `\r\n${value}`.includes(`\r\n--${boundary}`)) {
      throw malformed();
    }
    lines.push(`--${boundary}`, `${disposition}"${name}"`, "", value);
  }
  if (/[\r\n]|\\$/.test(file.fileName) || /[\r\n]/.test(file.contentType ?? "")) throw malformed();
  const fileName = file.fileName.replaceAll('"', '\\"');
  lines.push(`--${boundary}`, `${disposition}"file"; filename="${fileName}"`);
  if (file.contentType !== undefined) lines.push(`Content-Type: ${file.contentType}`);
  return new TextEncoder().encode([...lines, "", ""].join("\r\n"));
}

type PartHead = FormFile & { readonly name: string };
type Part = PartHead & { readonly contentStart: number; readonly contentEnd: number };

/** The part whose delimiter stands at `position`; `undefined` while it is incomplete. */
function readPart(
  body: Uint8Array,
  text: string,
  position: number,
  delimiter: string,
): Part | undefined {
  const after = position + delimiter.length;
  if (text.length < after) return undefined;
  if (text.startsWith("--", after)) throw new S3Error("IncorrectNumberOfFilesInPostRequest");
  const lineEnd = /-?$|[ \t]*(?:\r?$|(\r\n))/y;
  lineEnd.lastIndex = after;
  const match = lineEnd.exec(text);
  if (match === null) throw malformed();
  if (match[1] === undefined) return undefined;
  const headStart = lineEnd.lastIndex;
  const headEnd = text.indexOf("\r\n\r\n", headStart);
  if (headEnd < 0) return undefined;
  const head = parsePartHead(utf8(body.subarray(headStart, headEnd)));
  const contentStart = headEnd + 4;
  if (head.name === "file") return { ...head, contentStart, contentEnd: contentStart };
  const contentEnd = text.indexOf(`\r\n${delimiter}`, contentStart);
  if (contentEnd < 0) {
    if (text.length - contentStart > MAX_FORM_FIELD_BYTES + delimiter.length + 2) {
      throw new S3Error(TOO_LARGE);
    }
    return undefined;
  }
  return { ...head, contentStart, contentEnd };
}

const PARAMETER = /;[ \t]*([\w!#$%&'*+\-.^`|~]+)=(?:"((?:[^"\\]|\\.)*)"|([^";\s]+))[ \t]*/gy;

function parsePartHead(head: string): PartHead {
  const fields = new Map<string, string>();
  for (const line of head.split("\r\n")) {
    const match = /^([\w!#$%&'*+\-.^`|~]+):[ \t]*([^\r\n]*)$/.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || fields.has(name)) throw malformed();
    fields.set(name, match![2]!.trimEnd());
  }
  const disposition = fields.get("content-disposition") ?? "";
  if (!/^form-data[ \t]*;/i.test(disposition)) throw malformed();
  const parameters = disposition.slice(disposition.indexOf(";"));
  const values = new Map<string, string>();
  let end = 0;
  for (const [whole, name, quoted, bare] of parameters.matchAll(PARAMETER)) {
    if (values.has(name!.toLowerCase())) throw malformed();
    values.set(name!.toLowerCase(), quoted?.replaceAll('\\"', '"') ?? bare!);
    end += whole.length;
  }
  const name = values.get("name") ?? "";
  if (end < parameters.length || !/^[^"\\]+$/.test(name)) throw malformed();
  return {
    name: name.toLowerCase(),
    fileName: values.get("filename") ?? "",
    contentType: fields.get("content-type"),
  };
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause?: unknown): S3Error {
  return new S3Error("MalformedPOSTRequest", { cause });
}
