/**
 * Cross-origin requests: the preflight, and the fields on every other answer.
 *
 * @module
 */
import { type Answer, type AnswerHeader, emptyAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import { children, childText, readXml, type XmlElement } from "./xml.ts";

const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/** What a browser asks for. */
interface CorsQuestion {
  readonly origin: string;
  readonly method: string;
  readonly headers: readonly string[];
}

/** `OPTIONS /bucket` and `OPTIONS /bucket/key` */
export function preflight(request: OriginRequest, state: State): Answer {
  const origin = request.headers.get("origin");
  const method = request.headers.get("access-control-request-method");
  if (origin === undefined || method === undefined) {
    throw new OriginError("BadRequest", {
      message: "Insufficient information. Origin request header needed.",
    });
  }
  const bucket = requireBucket(state, request.bucket);
  const asked = request.headers.get("access-control-request-headers") ?? "";
  const headers = asked.split(",").map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const fields = corsFields(bucket, { origin, method, headers });
  if (fields === undefined) {
    throw new OriginError("AccessForbidden", {
      message: bucket.documents.has("cors")
        ? "CORSResponse: This CORS request is not allowed. This is usually because the " +
          "evaluation of Origin, request method / Access-Control-Request-Method or " +
          "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
        : "CORSResponse: CORS is not enabled for this bucket.",
      details: { Method: method, ResourceType: request.key === "" ? "BUCKET" : "OBJECT" },
    });
  }
  return emptyAnswer(200, fields);
}

/** The fields that a rule of the bucket's adds to an answer; `undefined` without such a rule. */
function corsFields(
  bucket: Bucket,
  question: CorsQuestion,
): readonly AnswerHeader[] | undefined {
  const stored = bucket.documents.get("cors");
  if (stored === undefined) return undefined;
  const rules = children(readXml(stored, "CORSConfiguration"), "CORSRule");
  const rule = rules.find((candidate) => allows(candidate, question));
  if (rule === undefined) return undefined;
  const origins = texts(rule, "AllowedOrigin");
  const anyOrigin = origins.includes("*");
  const fields: AnswerHeader[] = [
    ["Access-Control-Allow-Origin", anyOrigin ? "*" : question.origin],
    ["Access-Control-Allow-Methods", texts(rule, "AllowedMethod").join(", ")],
  ];
  if (question.headers.length > 0) {
    fields.push(["Access-Control-Allow-Headers", question.headers.join(", ")]);
  }
  const exposed = texts(rule, "ExposeHeader");
  if (exposed.length > 0) fields.push(["Access-Control-Expose-Headers", exposed.join(", ")]);
  const age = childText(rule, "MaxAgeSeconds");
  if (age !== undefined) fields.push(["Access-Control-Max-Age", age]);
  if (!anyOrigin) fields.push(["Access-Control-Allow-Credentials", "true"]);
  return [...fields, ["Vary", VARY]];
}

function texts(rule: XmlElement, name: string): readonly string[] {
  return children(rule, name).map((element) => element.text);
}

function allows(rule: XmlElement, question: CorsQuestion): boolean {
  const patterns = texts(rule, "AllowedHeader").map((pattern) => pattern.toLowerCase());
  return texts(rule, "AllowedMethod").includes(question.method) &&
    texts(rule, "AllowedOrigin").some((pattern) => fits(pattern, question.origin)) &&
    question.headers.every((name) => patterns.some((pattern) => fits(pattern, name)));
}

/** Whether a text fits a pattern with at most one star. */
function fits(pattern: string, text: string): boolean {
  const [before, after] = pattern.split("*");
  if (after === undefined) return pattern === text;
  return text.length >= before!.length + after.length && text.startsWith(before!) &&
    text.endsWith(after);
}

/** An answer with the fields of the rule that its request falls under. */
export function withCorsFields(
  answer: Answer,
  method: string,
  origin: string | undefined,
  bucket: Bucket | undefined,
): Answer {
  if (origin === undefined || bucket === undefined) return answer;
  const fields = corsFields(bucket, { origin, method, headers: [] });
  return fields === undefined ? answer : { ...answer, headers: [...fields, ...answer.headers] };
}
