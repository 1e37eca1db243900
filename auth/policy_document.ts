/**
 * The policy document of a form upload: when it expires, and the conditions that the form's
 * fields have to meet.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { S3Error } from "@s3-edge-cache/s3";

/** A policy document. */
export interface PolicyDocument {
  /** The whole document as it was parsed. */
  readonly content: Readonly<Record<string, unknown>>;
  /** From when on it is no longer good, in milliseconds since the epoch. */
  readonly expires: number;
  /** Its conditions: `{"field": "value"}`, or `["operator", "$field", "value"]`. */
  readonly conditions: readonly PolicyCondition[];
}

/** A condition as it stands in a document. */
export type PolicyCondition = Readonly<Record<string, unknown>> | readonly unknown[];

/** What a condition demands of a field. */
export interface FieldCondition {
  /** Whether the value only has to begin with the operand. */
  readonly prefix: boolean;
  /** What the value is held against. */
  readonly operand: string;
}

/** `2013-08-07T12:00:00.000Z`, as the document has its expiration. */
const EXPIRATION = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

function invalid(message: string): S3Error {
  return new S3Error("InvalidPolicyDocument", { message: `Invalid Policy: ${message}` });
}

/**
 * Reads a policy document.
 *
 * @param encoded The document in base64, as the form has it.
 * @throws {S3Error} InvalidPolicyDocument.
 */
export function parsePolicyDocument(encoded: string): PolicyDocument {
  const content = parseJson(encoded);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw invalid("Invalid JSON.");
  }
  const { expiration, conditions } = content as Record<string, unknown>;
  if (expiration === undefined) throw invalid("Policy missing expiration.");
  const expires = typeof expiration === "string" && EXPIRATION.test(expiration)
    ? Date.parse(expiration)
    : NaN;
  if (Number.isNaN(expires)) throw invalid(`Invalid 'expiration' value: '${expiration}'`);
  if (conditions === undefined) throw invalid("Policy missing conditions.");
  if (!Array.isArray(conditions)) {
    throw invalid("Invalid 'conditions' value: must be a List.");
  }
  for (const condition of conditions) checkCondition(condition);
  return { content: content as Record<string, unknown>, expires, conditions };
}

function parseJson(encoded: string): unknown {
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.toString("base64") !== encoded.replace(/\s/g, "")) {
    throw invalid("invalid Base64 encoding.");
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new S3Error("InvalidPolicyDocument", {
      message: "Invalid Policy: Invalid JSON.",
      cause,
    });
  }
}

function checkCondition(condition: unknown): void {
  if (typeof condition !== "object" || condition === null) {
    throw invalid("Invalid condition test: must be a List or Object.");
  }
  if (Array.isArray(condition)) {
    const operator = condition[0];
    if (typeof operator !== "string") {
      throw invalid("Invalid Condition: missing operation identifier.");
    }
    if (condition.length !== 3) throw invalid(`Invalid ${operator}: wrong number of arguments.`);
    return;
  }
  const values = Object.values(condition);
  if (values.length !== 1) {
    throw invalid(
      "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
    );
  }
  if (typeof values[0] !== "string") {
    throw invalid("Invalid Simple-Condition: value must be a string.");
  }
}

/** The name of the field that a condition is about, in lower case; `undefined` for none. */
function fieldOf(condition: PolicyCondition): string | undefined {
  if (!Array.isArray(condition)) return Object.keys(condition)[0]?.toLowerCase();
  const field = condition[1];
  return typeof field === "string" && field.startsWith("$")
    ? field.slice(1).toLowerCase()
    : undefined;
}

/**
 * What a document demands of a field.
 *
 * @param document The document.
 * @param name The field's name in lower case.
 * @throws {S3Error} InvalidPolicyDocument for an operator that is none for a field.
 */
export function conditionsOn(document: PolicyDocument, name: string): FieldCondition[] {
  return document.conditions.filter((condition) => fieldOf(condition) === name)
    .map((condition) => {
      if (!Array.isArray(condition)) {
        return { prefix: false, operand: Object.values(condition)[0] as string };
      }
      const [operator, , operand] = condition;
      const kind = String(operator).toLowerCase();
      if ((kind !== "eq" && kind !== "starts-with") || typeof operand !== "string") {
        throw invalid(`Invalid Condition: unknown operation '${operator}'.`);
      }
      return { prefix: kind === "starts-with", operand };
    });
}

/**
 * The conditions of a document that are about none of some fields.
 *
 * @param document The document.
 * @param names The fields' names in lower case.
 */
export function withoutConditionsOn(
  document: PolicyDocument,
  names: readonly string[],
): PolicyCondition[] {
  return document.conditions.filter((condition) => {
    const field = fieldOf(condition);
    return field === undefined || !names.includes(field);
  });
}
