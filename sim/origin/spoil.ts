/**
 * What a fault puts in the place of an answer.
 *
 * @module
 */
import { type Answer, documentAnswer, type RequestIds } from "./answer.ts";
import type { CallRecord } from "./calls.ts";
import type { Fault } from "./fault.ts";
import type { WireRequest } from "./http_connection.ts";
import { element } from "./xml.ts";

/** What is sent instead: an answer, bytes that are none, or nothing. */
export type Spoilt =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "nothing" };

/**
 * Does what a fault does before the operation. The body is read first, but by `refuse` and
 * `hang_up`.
 *
 * @returns What is sent instead; `undefined` where the operation goes on.
 */
export async function spoil(
  request: WireRequest,
  call: CallRecord,
  ids: RequestIds,
  fault: Fault | undefined,
): Promise<Spoilt | undefined> {
  const readBody = () => request.readBody((bytes) => void (call.receivedBytes += bytes));
  switch (fault?.kind) {
    case "hang_up":
      return { kind: "nothing" };
    case "silence":
      await request.untilHungUp();
      return { kind: "nothing" };
    case "refuse":
      return { kind: "answer", answer: orderedError(fault.status, fault.code, ids) };
    case "raw":
      await readBody();
      return { kind: "bytes", bytes: fault.bytes };
    case "answer":
      await readBody();
      return { kind: "answer", answer: fault.answer };
    case "error":
      await readBody();
      return { kind: "answer", answer: orderedError(fault.status, fault.code, ids) };
    case "error_in_success":
      await readBody();
      return { kind: "answer", answer: orderedError(200, fault.code, ids) };
    default:
      return undefined;
  }
}

function orderedError(status: number, code: string, ids: RequestIds): Answer {
  const message = `This error was ordered: ${code}`;
  return documentAnswer(
    status,
    element("Error", [
      ["Code", code],
      ["Message", message],
      ["RequestId", ids.requestId],
      ["HostId", ids.hostId],
    ]),
  );
}
