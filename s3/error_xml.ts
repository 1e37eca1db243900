/**
 * S3's error document.
 *
 * @module
 */
import type { S3Error } from "./error.ts";

/** What an error document says of the request it answers. */
export interface ErrorContext {
  /** The path of the resource that was asked for. */
  readonly resource: string;
  /** The answer's `x-amz-request-id`. */
  readonly requestId: string;
  /** The answer's `x-amz-id-2`. */
  readonly hostId: string;
}

/** The Content-Type of an error document. */
export const ERROR_CONTENT_TYPE = "application/xml";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/**
 * Text as it stands in an XML 1.0 document, content or attribute. Characters that XML can't
 * carry at all (controls, lone surrogates, U+FFFE and U+FFFF) become U+FFFD.
 *
 * @example
 * ```ts
 * import { escapeXml } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * assert.equal(escapeXml("a<b>&\u0001"), "a&lt;b&gt;&amp;\uFFFD");
 * ```
 */
export function escapeXml(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex
    .replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, "\uFFFD")
    .replace(/[&<>"\r]/g, (character) => ESCAPES[character]!);
}

/**
 * The XML document that answers a request with an error.
 *
 * @param error What went wrong.
 * @param context What it says of the request.
 *
 * @example
 * ```ts
 * import { errorXml, S3Error } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const context = { resource: "/b/k", requestId: "R", hostId: "H" };
 * assert.equal(
 *   errorXml(new S3Error("AccessDenied"), context),
 *   '<?xml version="1.0" encoding="UTF-8"?>\n' +
 *     "<Error><Code>AccessDenied</Code><Message>Access Denied</Message>" +
 *     "<Resource>/b/k</Resource><RequestId>R</RequestId><HostId>H</HostId></Error>",
 * );
 * ```
 */
export function errorXml(error: S3Error, context: ErrorContext): string {
  const elements: readonly (readonly [name: string, text: string])[] = [
    ["Code", error.code],
    ["Message", error.message],
    ...Object.entries(error.details),
    ["Resource", context.resource],
    ["RequestId", context.requestId],
    ["HostId", context.hostId],
  ];
  const body = elements.map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${body}</Error>`;
}
