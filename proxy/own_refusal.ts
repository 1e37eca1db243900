/**
 * The stage that keeps to itself what the origin thinks of the proxy's own signature.
 *
 * Such an answer is no fault of the client, whose signature was right; and its document quotes
 * what was signed, a session token included.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { continued, readBeginning } from "./beginning.ts";
import type { Handler, RoutedRequest } from "./request.ts";

/** Codes that blame whoever signed the request. */
const BLAMING = new RegExp(
  "<Code>(ExpiredToken|InvalidAccessKeyId|InvalidToken|RequestTimeTooSkewed|" +
    "SignatureDoesNotMatch|TokenRefreshRequired)</Code>",
);

/** No error document is larger; a larger answer is passed on as it is. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/**
 * Turns a refusal of the proxy's own signature into an error of the proxy.
 *
 * @param next Forwards the request.
 * @throws {S3Error} ServiceUnavailable, its cause naming the origin's code for the operator.
 */
export function hideOwnRefusals(next: Handler<RoutedRequest>): Handler<RoutedRequest> {
  return async (request) => {
    const response = await next(request);
    const { status, body } = response;
    if ((status !== 400 && status !== 403) || body === null || body instanceof Uint8Array) {
      return response;
    }
    const { bytes } = await readBeginning(body, MAX_DOCUMENT_BYTES);
    const code = BLAMING.exec(new TextDecoder().decode(bytes))?.[1];
    if (code === undefined || request.upload?.payload.kind === "form") {
      return { ...response, body: continued([bytes], body) };
    }
    body.release();
    throw new S3Error("ServiceUnavailable", {
      message: "The storage behind this endpoint refuses its credentials.",
      cause: new Error(`the origin refuses the proxy's own signature: ${code}`),
    });
  };
}
