/**
 * One request's way through the origin: recorded, held, carried out, answered.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { type Answer, errorAnswer, type RequestIds } from "./answer.ts";
import { type CallRecord, NO_CALL } from "./calls.ts";
import { answerOf } from "./carry_out.ts";
import { deliver, deliverRaw } from "./delivery.ts";
import type { OriginError } from "./error.ts";
import type { Fault, Faults } from "./fault.ts";
import type { Holds } from "./hold.ts";
import type { Delivery, WireRequest } from "./http_connection.ts";
import { type Routed, routeOrError } from "./routed.ts";
import { spoil } from "./spoil.ts";
import type { State } from "./state.ts";

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
  const routed = routeOrError(request.head, desk.state.options);
  const call = record(request, routed, connection);
  desk.calls.push(call);
  const fault = desk.faults.take(call);
  try {
    await desk.holds.take(call, "request")?.reach(call);
    return await answer(desk, request, call, routed, fault);
  } catch (error) {
    call.outcome = "lost";
    throw error;
  }
}

async function answer(
  desk: Desk,
  request: WireRequest,
  call: CallRecord,
  routed: Routed | S3Error,
  fault: Fault | undefined,
): Promise<Delivery> {
  const ids = nextIds(desk.state);
  const spoilt = await spoil(request, call, ids, fault);
  if (spoilt?.kind === "nothing") return nothing(call);
  if (spoilt?.kind === "bytes") {
    call.outcome = "harmed";
    return deliverRaw(spoilt.bytes, "close");
  }
  const plain = spoilt?.answer ??
    await answerOf(desk.state, { request, call, routed, ids });
  const standing = fault?.kind === "answer" ? plain : withStandingFields(desk.state, plain, ids);
  const altered = fault?.kind === "alter" ? fault.alter(standing) : standing;
  await desk.holds.take(call, "head")?.reach(call);
  if (fault?.kind === "lose_answer") return nothing(call);
  call.status = altered.status;
  return deliver({
    call,
    answer: altered,
    persists: request.persists(),
    hold: desk.holds.take(call, "body"),
    fault,
    untilHungUp: request.untilHungUp,
  });
}

/** A connection that is hung up without a word. */
function nothing(call: CallRecord): Delivery {
  call.outcome = "harmed";
  return deliverRaw(new Uint8Array(0), "hang_up");
}

/** The answer to what is not even a request. */
export function refuse(desk: Desk, error: OriginError): Delivery {
  const ids = nextIds(desk.state);
  return deliver({
    call: { ...NO_CALL },
    answer: withStandingFields(desk.state, errorAnswer(error, ids), ids),
    persists: false,
    hold: undefined,
    fault: undefined,
    untilHungUp: () => Promise.resolve(),
  });
}

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

function nextIds(state: State): RequestIds {
  return { requestId: state.nextId(16).toUpperCase(), hostId: state.nextId(76) };
}

/** An answer with the fields that every answer of S3 has. */
function withStandingFields(state: State, answer: Answer, ids: RequestIds): Answer {
  return {
    ...answer,
    headers: [
      ["x-amz-id-2", ids.hostId],
      ["x-amz-request-id", ids.requestId],
      ["Date", new Date(state.options.now()).toUTCString()],
      ...answer.headers,
      ["Server", "AmazonS3"],
    ],
  };
}
