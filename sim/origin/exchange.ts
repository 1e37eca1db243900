/**
 * One request's way through the origin: recorded, held, verified, carried out, answered.
 *
 * @module
 */
import { parseRequestTarget, type RequestTarget, S3Error } from "@s3-edge-cache/s3";
import { checkAccess } from "./access.ts";
import { type Answer, documentAnswer, errorAnswer } from "./answer.ts";
import { authenticate } from "./authenticate.ts";
import { keyBytes } from "./bucket.ts";
import { ConnectionLost } from "./byte_reader.ts";
import type { CallRecord } from "./calls.ts";
import { deliver, deliverRaw } from "./delivery.ts";
import { OriginError, type WireError } from "./error.ts";
import type { Fault, Faults } from "./fault.ts";
import type { Holds } from "./hold.ts";
import type { Delivery, WireRequest } from "./http_connection.ts";
import { findOperation, type Operation } from "./operations.ts";
import type { OriginOptions } from "./options.ts";
import type { OriginRequest } from "./origin_request.ts";
import type { State } from "./state.ts";
import { element } from "./xml.ts";

/** What an exchange has to do with. */
export interface Desk {
  /** What the origin holds. */
  readonly state: State;
  /** What it was asked. */
  readonly calls: CallRecord[];
  /** What it is to stop. */
  readonly holds: Holds;
  /** What it is to harm. */
  readonly faults: Faults;
}

/** What a request wants, as far as its head tells. */
interface Routed {
  /** The target as it came: what a signature covers. */
  readonly raw: RequestTarget;
  /** The target as it is read: with `+` taken for what the origin takes it for. */
  readonly target: RequestTarget;
  readonly operation: Operation | undefined;
}

/**
 * Answers one request.
 *
 * @param desk The origin.
 * @param request The request.
 * @param connection The number of its connection.
 */
export async function exchange(
  desk: Desk,
  request: WireRequest,
  connection: number,
): Promise<Delivery> {
  const routed = routeOrError(request, desk.state.options);
  const call = record(request, routed, connection);
  desk.calls.push(call);
  try {
    const fault = desk.faults.take(call);
    await desk.holds.take(call, "request")?.reach(call);
    const spoilt = await spoil(desk, request, call, fault);
    if (spoilt !== undefined) return spoilt;
    const plain = await answerOf(desk, request, call, routed, fault);
    const answer = fault?.kind === "alter" ? fault.alter(plain) : plain;
    await desk.holds.take(call, "head")?.reach(call);
    call.status = answer.status;
    if (fault?.kind === "lose_answer") {
      call.outcome = "harmed";
      return deliverRaw(new Uint8Array(0), "hang_up");
    }
    return deliver({
      call,
      answer: withStandingHeaders(desk.state, answer),
      persists: request.persists(),
      hold: desk.holds.take(call, "body"),
      fault,
      untilHungUp: request.untilHungUp,
    });
  } catch (error) {
    if (error instanceof ConnectionLost) call.outcome = "lost";
    throw error;
  }
}

/** The answer to what is not even a request. */
export function refuse(desk: Desk, error: OriginError): Delivery {
  const answer = withStandingHeaders(desk.state, failed(desk.state, error));
  const call = { ...NO_CALL };
  return deliver({
    call,
    answer,
    persists: false,
    hold: undefined,
    fault: undefined,
    untilHungUp: () => Promise.resolve(),
  });
}

const NO_CALL: CallRecord = {
  method: "",
  target: "",
  headers: [],
  rawHead: "",
  operation: "Unknown",
  bucket: "",
  key: "",
  connection: 0,
  receivedBytes: 0,
  status: undefined,
  outcome: "running",
};

function record(
  { head }: WireRequest,
  routed: Routed | S3Error,
  connection: number,
): CallRecord {
  const known = routed instanceof S3Error ? undefined : routed;
  return {
    ...NO_CALL,
    method: head.method,
    target: head.target,
    headers: head.headers.pairs,
    rawHead: head.raw,
    operation: known?.operation?.name ?? "Unknown",
    bucket: known?.target.bucket ?? "",
    key: known?.target.key ?? "",
    connection,
  };
}

function routeOrError(
  { head }: WireRequest,
  options: Required<OriginOptions>,
): Routed | S3Error {
  const domain = options.virtualHostDomain === "" ? undefined : options.virtualHostDomain;
  const [path, ...query] = head.target.split("?");
  const read = options.plusInPath === "space" ? path!.replaceAll("+", "%20") : path!;
  try {
    const raw = parseRequestTarget(head, { virtualHostDomain: domain });
    const target = parseRequestTarget(
      { ...head, target: [read, ...query].join("?") },
      { virtualHostDomain: domain },
    );
    const level = target.key !== "" ? "object" : target.bucket !== "" ? "bucket" : "service";
    const { method, headers } = head;
    const operation = findOperation({ method, level, query: target.query, headers });
    return { raw, target, operation };
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

/** What a fault does before the request is looked at; `undefined` where it does nothing yet. */
async function spoil(
  desk: Desk,
  request: WireRequest,
  call: CallRecord,
  fault: Fault | undefined,
): Promise<Delivery | undefined> {
  switch (fault?.kind) {
    case "hang_up":
      call.outcome = "harmed";
      return deliverRaw(new Uint8Array(0), "hang_up");
    case "silence":
      await request.untilHungUp();
      call.outcome = "harmed";
      return deliverRaw(new Uint8Array(0), "hang_up");
    case "raw":
      await request.readBody(() => {});
      call.outcome = "harmed";
      return deliverRaw(fault.bytes, "close");
    case "refuse": {
      const answer = orderedError(desk.state, fault.status, fault.code, fault.code);
      call.status = fault.status;
      return deliver({
        call,
        answer: withStandingHeaders(desk.state, answer),
        persists: false,
        hold: undefined,
        fault: undefined,
        untilHungUp: request.untilHungUp,
      });
    }
    default:
      return undefined;
  }
}

async function answerOf(
  desk: Desk,
  request: WireRequest,
  call: CallRecord,
  routed: Routed | S3Error,
  fault: Fault | undefined,
): Promise<Answer> {
  try {
    const { kind } = request.head.length;
    if (kind === "chunked" || (kind === "none" && needsLength(call))) {
      throw new OriginError("MissingContentLength");
    }
    const progress = (bytes: number) => void (call.receivedBytes += bytes);
    const ordered = orderedAnswer(desk.state, fault);
    if (ordered !== undefined || routed instanceof S3Error) {
      await request.readBody(progress);
      if (ordered !== undefined) return ordered;
      throw routed;
    }
    return await carryOut(desk.state, request, routed, progress);
  } catch (error) {
    if (error instanceof OriginError || error instanceof S3Error) return failed(desk.state, error);
    throw error;
  }
}

/** The answer that a fault puts in the place of the operation. */
function orderedAnswer(state: State, fault: Fault | undefined): Answer | undefined {
  switch (fault?.kind) {
    case "answer":
      return fault.answer;
    case "error":
      return orderedError(state, fault.status, fault.code, fault.message ?? fault.code);
    case "error_in_success":
      return orderedError(state, 200, fault.code, fault.code);
    default:
      return undefined;
  }
}

/** Whether S3 insists on a Content-Length, even of zero. */
function needsLength({ operation }: CallRecord): boolean {
  return operation === "PutObject" || operation === "UploadPart";
}

async function carryOut(
  state: State,
  request: WireRequest,
  { raw, target, operation }: Routed,
  progress: (bytes: number) => void,
): Promise<Answer> {
  const authenticated = await authenticate(request, raw, state.options, progress);
  if (operation?.handler === undefined) throw new OriginError("NotImplemented");
  const { head } = request;
  const verified: OriginRequest = {
    method: head.method,
    headers: head.headers,
    query: target.query,
    bucket: target.bucket,
    key: keyBytes(target.key),
    ...authenticated,
  };
  checkAccess(verified, operation.name, state);
  return operation.handler(verified, state);
}

function failed(state: State, error: WireError): Answer {
  return errorAnswer(error, state.nextId(16).toUpperCase(), state.nextId(76));
}

function orderedError(state: State, status: number, code: string, message: string): Answer {
  const id = state.nextId(16).toUpperCase();
  return documentAnswer(
    status,
    element("Error", [["Code", code], ["Message", message], ["RequestId", id]]),
  );
}

function withStandingHeaders(state: State, answer: Answer): Answer {
  return {
    ...answer,
    headers: [
      ["x-amz-id-2", state.nextId(76)],
      ["x-amz-request-id", state.nextId(16).toUpperCase()],
      ["Date", new Date(state.options.now()).toUTCString()],
      ...answer.headers,
      ["Server", "AmazonS3"],
    ],
  };
}
