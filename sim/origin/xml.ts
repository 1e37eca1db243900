/**
 * XML, written by hand and read by fast-xml-parser.
 *
 * @module
 */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { OriginError } from "./error.ts";

/** A child element: a name with a text, or ready XML. */
export type XmlPart = readonly [name: string, text: string] | string;

/**
 * Writes an element.
 *
 * @param name Its name.
 * @param parts Its children; ready XML is taken as it stands.
 * @param attributes Its attributes.
 */
export function element(
  name: string,
  parts: readonly XmlPart[],
  attributes: Readonly<Record<string, string>> = {},
): string {
  let xml = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) xml += ` ${key}="${escapeXml(value)}"`;
  xml += ">";
  for (const part of parts) {
    xml += typeof part === "string" ? part : `<${part[0]}>${escapeXml(part[1])}</${part[0]}>`;
  }
  return `${xml}</${name}>`;
}

/** Text as it stands between tags; control characters as references, as S3 writes them. */
export function escapeXml(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[&<>"\0-\x1f]/g, (character) => {
    return NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** An element of a document that was read. */
export interface XmlElement {
  /** Its name, without a prefix. */
  readonly name: string;
  /** The text directly in it. */
  readonly text: string;
  /** The elements in it, in order. */
  readonly children: readonly XmlElement[];
  /** Its attributes, names without a prefix. */
  readonly attributes: Readonly<Record<string, string>>;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: "#cdata",
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * Reads a document.
 *
 * @param body Its bytes, UTF-8.
 * @param roots The names that its root may have.
 * @throws {OriginError} MalformedXML for anything else, and for a document type declaration.
 */
export function readXml(body: Uint8Array, ...roots: readonly string[]): XmlElement {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new OriginError("MalformedXML");
  }
  if (text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true) {
    throw new OriginError("MalformedXML");
  }
  const elements = convert(parser.parse(text)).children;
  const root = elements[0];
  if (elements.length !== 1 || root === undefined || !roots.includes(root.name)) {
    throw new OriginError("MalformedXML");
  }
  return root;
}

/** The first child of a name. */
export function child(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((candidate) => candidate.name === name);
}

/** The children of a name. */
export function children(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((candidate) => candidate.name === name);
}

/** The text of the first child of a name. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return child(parent, name)?.text;
}

/** One node as the parser gives it in `preserveOrder`. */
type ParsedNode = Readonly<Record<string, unknown>>;

function convert(nodes: readonly ParsedNode[]): XmlElement {
  let text = "";
  const found: XmlElement[] = [];
  for (const node of nodes) {
    for (const [name, value] of Object.entries(node)) {
      if (name === ":@") continue;
      if (name === "#text") text += decodeReferences(String(value));
      else if (name === "#cdata") text += cdataText(value as readonly ParsedNode[]);
      else {
        const inner = convert(value as readonly ParsedNode[]);
        const attributes = (node[":@"] ?? {}) as Readonly<Record<string, string>>;
        found.push({ ...inner, name, attributes });
      }
    }
  }
  return { name: "", text, children: found, attributes: {} };
}

function cdataText(nodes: readonly ParsedNode[]): string {
  return nodes.map((node) => String(node["#text"] ?? "")).join("");
}

const ENTITIES = new Map([["amp", "&"], ["lt", "<"], ["gt", ">"], ["quot", '"'], ["apos", "'"]]);

function decodeReferences(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (name.startsWith("#x")) return codePoint(parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return codePoint(Number(name.slice(1)));
    const named = ENTITIES.get(name);
    if (named === undefined) throw new OriginError("MalformedXML", { details: { Entity: whole } });
    return named;
  });
}

function codePoint(value: number): string {
  if (value > 0x10ffff) throw new OriginError("MalformedXML");
  return String.fromCodePoint(value);
}
