/**
 * How an answer goes over the wire: whole, held, slow or broken.
 *
 * @module
 */
import { type Answer, headBytes } from "./answer.ts";
import type { CallRecord } from "./calls.ts";
import type { Fault } from "./fault.ts";
import type { Hold } from "./hold.ts";
import type { Delivery } from "./http_connection.ts";

/** Largest piece that is written at once. */
const PIECE = 256 * 1024;
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What shapes a delivery. */
export interface DeliveryPlan {
  /** The call that is answered. */
  readonly call: CallRecord;
  /** The answer. */
  readonly answer: Answer;
  /** Whether the connection is kept. */
  readonly persists: boolean;
  /** A hold in the phase `body`. */
  readonly hold: Hold | undefined;
  /** The harm to be done. */
  readonly fault: Fault | undefined;
  /** Resolves when the client has hung up: for an answer that stops and never ends. */
  untilHungUp(): Promise<void>;
}

/** Makes an answer into bytes in time. */
export function deliver(plan: DeliveryPlan): Delivery {
  const harmed = plan.fault !== undefined &&
    ["cut", "stall", "overlong"].includes(plan.fault.kind);
  return {
    bytes: whole(plan, harmed),
    then: harmed ? "hang_up" : plan.persists ? "keep" : "close",
  };
}

/** Nothing but bytes, then silence for good. */
export function deliverRaw(bytes: Uint8Array, then: Delivery["then"]): Delivery {
  return {
    bytes: (async function* () {
      if (bytes.length > 0) yield await Promise.resolve(bytes);
    })(),
    then,
  };
}

async function* whole(plan: DeliveryPlan, harmed: boolean): AsyncGenerator<Uint8Array> {
  const { call, answer, fault } = plan;
  let sent = false;
  try {
    if (fault?.kind === "slow") await pause(fault.headMilliseconds);
    const headers = [...answer.headers];
    if (!plan.persists) headers.push(["Connection", "close"]);
    yield headBytes({ ...answer, headers });
    const bodiless = call.method === "HEAD" || answer.framing === "none";
    if (!bodiless) yield* body(plan);
    sent = true;
  } finally {
    call.outcome = !sent ? "lost" : harmed ? "harmed" : "answered";
  }
}

async function* body(plan: DeliveryPlan): AsyncGenerator<Uint8Array> {
  const { answer, call, hold, fault } = plan;
  const sent = fault?.kind === "cut" || fault?.kind === "stall"
    ? answer.body.subarray(0, fault.bytes)
    : answer.body;
  const stop = hold === undefined ? 0 : Math.min(hold.filter.bytes ?? 1, sent.length);
  yield* framed(sent.subarray(0, stop), plan);
  if (hold !== undefined) await hold.reach(call);
  yield* framed(sent.subarray(stop), plan);
  if (fault?.kind === "stall") await plan.untilHungUp();
  if (fault?.kind === "cut" || fault?.kind === "stall") return;
  if (answer.framing === "chunked") yield latin1("0\r\n\r\n");
  if (fault?.kind === "overlong") yield fault.extra;
}

/** The bytes piece by piece, in chunks where the answer is chunked. */
async function* framed(bytes: Uint8Array, plan: DeliveryPlan): AsyncGenerator<Uint8Array> {
  const slow = plan.fault?.kind === "slow" ? plan.fault : undefined;
  const pieceBytes = slow?.pieceBytes ?? PIECE;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (slow !== undefined) await pause(slow.pieceMilliseconds);
    const piece = bytes.subarray(at, at + pieceBytes);
    if (plan.answer.framing !== "chunked") {
      yield piece;
      continue;
    }
    yield latin1(`${piece.length.toString(16)}\r\n`);
    yield piece;
    yield latin1("\r\n");
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
