/**
 * The document of a DeleteObjects request.
 *
 * What is read here must be what the origin reads, or a deleted object would stay in the cache:
 * whatever two parsers might take differently is refused, not guessed at.
 *
 * @module
 */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { S3Error } from "./error.ts";
import { encodeKey } from "./uri.ts";

/** An object, or a version of one, that a DeleteObjects request names. */
export interface ObjectIdentifier {
  /** The key in its canonical spelling. */
  readonly key: string;
  /** The version; `undefined` for the current one. */
  readonly versionId: string | undefined;
}

/** Most objects that one request may name. */
export const MAX_DELETED_OBJECTS = 1000;

/** An element is `{ name: children }`, text `{ "#text": string }`, an instruction `{ "?name": … }`. */
type XmlNode = Readonly<Record<string, unknown>>;

const TEXT = "#text";
const CDATA = "#cdata";
const COMMENT = "#comment";

/** Text is left as it stands: entities are resolved here, blanks belong to a key. */
const PARSER_OPTIONS = {
  preserveOrder: true,
  processEntities: false,
  trimValues: false,
  parseTagValue: false,
  ignoreAttributes: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: false,
  cdataPropName: CDATA,
  commentPropName: COMMENT,
  textNodeName: TEXT,
} as const;

/** An XML declaration that leaves only one reading of the bytes that follow. */
const DECLARATION =
  /^<\?xml\s+version=(["'])1\.0\1(\s+encoding=(["'])utf-8\3)?(\s+standalone=(["'])(yes|no)\5)?\s*\?>/i;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

/**
 * Reads the document of a DeleteObjects request.
 *
 * @param body The request's body: UTF-8, at most 1000 objects.
 * @returns The objects in document order.
 * @throws {S3Error} MalformedXML for a document that is not well-formed, has a DTD, is not in
 * UTF-8, is no `Delete` document, or names no object or more than 1000.
 *
 * @example
 * ```ts
 * import { parseDeleteObjects } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const body = new TextEncoder().encode(
 *   "<Delete><Object><Key>a &amp; b</Key></Object><Quiet>true</Quiet></Delete>",
 * );
 * assert.deepEqual(parseDeleteObjects(body), [{ key: "a%20%26%20b", versionId: undefined }]);
 * ```
 */
export function parseDeleteObjects(body: Uint8Array): readonly ObjectIdentifier[] {
  const root = parseDocument(decode(body));
  const identifiers = elements(root).flatMap((node) => {
    const object = childrenOf(node, "Object");
    return object === undefined ? [] : [identifier(object)];
  });
  if (identifiers.length === 0 || identifiers.length > MAX_DELETED_OBJECTS) throw malformed();
  return identifiers;
}

/** The document as text; anything that could be read as another text is refused. */
function decode(body: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw malformed(cause);
  }
  if (text.startsWith("<?xml") && !DECLARATION.test(text)) throw malformed();
  // deno-lint-ignore no-control-regex
  if (/<!DOCTYPE|<!ENTITY|[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/i.test(text)) throw malformed();
  return text;
}

/** The children of the document's `Delete` element. */
function parseDocument(text: string): readonly XmlNode[] {
  let nodes: readonly XmlNode[];
  try {
    if (XMLValidator.validate(text) !== true) throw malformed();
    nodes = new XMLParser(PARSER_OPTIONS).parse(text) as readonly XmlNode[];
  } catch (cause) {
    throw cause instanceof S3Error ? cause : malformed(cause);
  }
  const [root, ...others] = elements(nodes);
  const children = root === undefined ? undefined : childrenOf(root, "Delete");
  if (children === undefined || others.length > 0) throw malformed();
  return children;
}

/** The elements among nodes; beside them only blanks, comments and instructions may stand. */
function elements(nodes: readonly XmlNode[]): XmlNode[] {
  return nodes.filter((node) => {
    if (CDATA in node) throw malformed();
    if (COMMENT in node || Object.keys(node).some((name) => name.startsWith("?"))) return false;
    if (!(TEXT in node)) return true;
    if (!/^[ \t\r\n]*$/.test(String(node[TEXT]))) throw malformed();
    return false;
  });
}

function childrenOf(node: XmlNode, name: string): readonly XmlNode[] | undefined {
  return Object.hasOwn(node, name) ? node[name] as readonly XmlNode[] : undefined;
}

function identifier(object: readonly XmlNode[]): ObjectIdentifier {
  const key = onlyText(object, "Key");
  if (key === undefined || key === "") throw malformed();
  return { key: encodeKey(key), versionId: onlyText(object, "VersionId") };
}

/** The text of the one child element of this name; `undefined` where there is none. */
function onlyText(object: readonly XmlNode[], name: string): string | undefined {
  const found = elements(object).flatMap((node) => {
    const children = childrenOf(node, name);
    return children === undefined ? [] : [children];
  });
  if (found.length > 1) throw malformed();
  return found[0]?.map(textOf).join("");
}

/** The text of a node within a key: text or CDATA, and nothing that could divide it. */
function textOf(node: XmlNode): string {
  if (TEXT in node) return resolveEntities(String(node[TEXT]));
  const cdata = childrenOf(node, CDATA);
  if (cdata === undefined) throw malformed();
  return cdata.map((part) => String(part[TEXT])).join("");
}

function resolveEntities(text: string): string {
  if (text.includes("]]>")) throw malformed();
  return text.replace(/&([^;&]*;)?/g, (_, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? "";
    const numeric = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    if (numeric === null) {
      if (!Object.hasOwn(ENTITIES, name)) throw malformed();
      return ENTITIES[name]!;
    }
    const code = numeric[1] === undefined ? Number(numeric[2]) : parseInt(numeric[1], 16);
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw malformed();
    return String.fromCodePoint(code);
  });
}

function malformed(cause?: unknown): S3Error {
  return new S3Error("MalformedXML", { cause });
}
