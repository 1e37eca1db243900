/**
 * The front over `Deno.serve`: from Deno's Request to a RawRequest, and back from a RawResponse
 * to Deno's Response. The only place of the proxy that knows either.
 *
 * @module
 */
import { type Awaitable, copyBytes } from "@s3-edge-cache/cache";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import { type ByteSource, sourceStream } from "@s3-edge-cache/upstream";
import { answerFields } from "./answer_fields.ts";
import { errorResponse } from "./error_response.ts";
import type { Handler, RawRequest, RawResponse } from "./request.ts";
import { contentLength } from "./response_size.ts";
import { createRequestIds } from "./request_id.ts";
import { ServedRequest } from "./served_request.ts";

/** Up to here a copy costs less than a stream, in bytes. */
const COPY_BYTES = 16 * 1024;

/** The statuses of answers that have no body, and so no length, whatever the method. */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/**
 * Mounts a pipeline in a `Deno.serve`.
 *
 * @param pipeline Answers requests.
 * @returns A handler for `Deno.serve`.
 *
 * @example Mount the proxy in a server of one's own
 * ```ts ignore
 * import { createPipeline, serveFront } from "@s3-edge-cache/proxy";
 *
 * Deno.serve({ port: 8080 }, serveFront(createPipeline(parts)));
 * ```
 */
export function serveFront(
  pipeline: Handler<RawRequest>,
): (request: Request, info: Deno.ServeHandlerInfo) => Awaitable<Response> {
  const nextId = createRequestIds();
  return (request, info) => {
    const id = nextId();
    const answer = (response: RawResponse) => toResponse(response, request, id, info);
    const raw = new ServedRequest(request, info, id);
    if (!raw.hasHost) return answer(errorResponse(new S3Error("InvalidURI"), raw, ""));
    const response = pipeline(raw);
    return response instanceof Promise ? response.then(answer) : answer(response);
  };
}

/**
 * Whether the client waits to be asked for a body of no bytes. `Deno.serve` doesn't ask for one, and
 * botocore then takes the status of this answer for that of the connection's next one too.
 */
function waitsForNothing({ headers }: Request): boolean {
  return headers.has("expect") && headers.get("content-length") === "0";
}

function toResponse(
  response: RawResponse,
  request: Request,
  id: string,
  info: Deno.ServeHandlerInfo,
): Response {
  const { method } = request;
  const headers = answerFields(response, id);
  if (method === "PUT" && waitsForNothing(request)) headers.push(["connection", "close"]);
  const { status, body } = response;
  const untold = method === "HEAD" && !BODILESS.has(status) &&
    !response.headers.some(([name]) => name === "content-length");
  if (untold) {
    if (body !== null && !(body instanceof Uint8Array)) body.release();
    return withFields(new Response(unknownLength(), { status }), headers);
  }
  const sent = body === null || body instanceof Uint8Array
    ? body
    : inOnePiece(response, body) ?? sourceStream(body, info.completed);
  return withFields(new Response(sent, { status }), headers);
}

/** Fields that the constructor is given take twice as long, and an object with a finalizer. */
function withFields(response: Response, fields: readonly HeaderPair[]): Response {
  const { headers } = response;
  for (const [name, value] of fields) headers.append(name, value);
  return response;
}

/** The small body of a hit, whose bytes are all at hand: here a copy costs less than a stream. */
function inOnePiece(
  { headers, outcome }: RawResponse,
  body: ByteSource,
): Uint8Array<ArrayBuffer> | undefined {
  const length = contentLength(headers);
  if (outcome.kind !== "hit" || length === undefined || length > COPY_BYTES) return undefined;
  const copy = new Uint8Array(length);
  let copied = 0;
  for (let view = body.read(); view instanceof Uint8Array; view = body.read()) {
    copyBytes(copy.subarray(copied), view);
    copied += view.length;
  }
  body.release();
  return copy;
}

/** No bytes, of which nobody says how many they are: Deno would call a `null` of a HEAD 0 long. */
function unknownLength(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.close();
    },
  });
}
