/**
 * The query of a request: ordered, raw, nothing lost.
 *
 * @module
 */
import { uriDecode } from "./uri.ts";

/** One parameter of a query. */
export interface QueryParameter {
  /** The parameter as it came: `name`, `name=` or `name=value`. */
  readonly raw: string;
  /** The name, percent-decoded. */
  readonly name: string;
  /** The value, still percent-encoded; empty where there is none. */
  readonly rawValue: string;
}

/**
 * The parameters of a query in the order in which they came. Reading a value decodes it;
 * `+` is no space, as in Signature Version 4.
 *
 * @example
 * ```ts
 * import { Query } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const query = new Query("versionId=a%2Fb&tagging");
 * assert.equal(query.get("versionId"), "a/b");
 * assert.equal(query.get("tagging"), "");
 * assert.equal(query.without((name) => name === "versionId"), "tagging");
 * ```
 */
export class Query {
  /** The query as it came, without the question mark. */
  readonly raw: string;
  /** The parameters in wire order. */
  readonly parameters: readonly QueryParameter[];

  /**
   * Cuts a query into its parameters.
   *
   * @param raw The query without its question mark; empty for none.
   * @throws {S3Error} InvalidURI if a name is not well percent-encoded.
   */
  constructor(raw: string) {
    this.raw = raw;
    this.parameters = raw === "" ? [] : raw.split("&").filter((part) => part !== "").map(parse);
  }

  /** Whether a parameter of this name is present, with or without a value. */
  has(name: string): boolean {
    return this.parameters.some((parameter) => parameter.name === name);
  }

  /**
   * The decoded value of the first parameter of this name; empty for a bare name.
   *
   * @throws {S3Error} InvalidURI if the value is not well percent-encoded.
   */
  get(name: string): string | undefined {
    const found = this.parameters.find((parameter) => parameter.name === name);
    return found === undefined ? undefined : uriDecode(found.rawValue);
  }

  /** The raw query less the parameters whose decoded name `drop` accepts. */
  without(drop: (name: string) => boolean): string {
    const kept = this.parameters.filter((parameter) => !drop(parameter.name));
    if (kept.length === this.parameters.length) return this.raw;
    return kept.map((parameter) => parameter.raw).join("&");
  }
}

function parse(raw: string): QueryParameter {
  const equals = raw.indexOf("=");
  if (equals < 0) return { raw, name: uriDecode(raw), rawValue: "" };
  return { raw, name: uriDecode(raw.slice(0, equals)), rawValue: raw.slice(equals + 1) };
}
