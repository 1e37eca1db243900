/**
 * The front over `Deno.serve`: from Deno's Request to a RawRequest, and back from a RawResponse
 * to Deno's Response. The only place of the proxy that knows either.
 *
 * @module
 */
import { type Awaitable, copyBytes } from "@s3-edge-cache/cache";
import { HeaderList, type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import { type ByteSource, sourceStream } from "@s3-edge-cache/upstream";
import { answerFields, isHost } from "./answer_fields.ts";
import { errorResponse } from "./error_response.ts";
import type { Handler, RawRequest, RawResponse } from "./request.ts";
import { contentLength } from "./response_size.ts";
import { createRequestIds } from "./request_id.ts";
import { Trace } from "./trace.ts";

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
    const head = readHead(request);
    if (head === undefined) {
      return answer(errorResponse(new S3Error("InvalidURI"), { method: request.method, id }, ""));
    }
    const response = pipeline({
      ...head,
      id,
      trace: new Trace(performance.now()),
      peer: peerOf(info),
      get completed() {
        return info.completed.catch(() => {});
      },
      get signal() {
        return request.signal;
      },
    });
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

/** The head of a request, or `undefined` if its Host could be mistaken for a part of its path. */
function readHead(
  request: Request,
): Pick<RawRequest, "method" | "target" | "headers" | "body"> | undefined {
  const { url } = request;
  const authority = url.indexOf("://") + 3;
  const slash = url.indexOf("/", authority);
  const [host, target] = slash < 0
    ? [url.slice(authority), "/"]
    : [url.slice(authority, slash), url.slice(slash)];
  const pairs: HeaderPair[] = [];
  // Their iterator takes twice as long.
  request.headers.forEach((value, name) => pairs.push([name, value]));
  const has = (field: string) => pairs.some(([name]) => name === field);
  // HTTP/2 has an authority in the place of a Host field, and bodies that no field tells of.
  const isHttp2 = !has("host");
  if (isHttp2) pairs.push(["host", host]);
  const headers = new HeaderList(pairs);
  if (!isHost(headers.get("host")!)) return undefined;
  const body = isHttp2 || has("content-length") || has("transfer-encoding") ? request.body : null;
  return { method: request.method, target, headers, body };
}

function peerOf(info: Deno.ServeHandlerInfo): string {
  const address = info.remoteAddr;
  return "hostname" in address ? address.hostname : "";
}

function toResponse(
  response: RawResponse,
  request: Request,
  id: string,
  info: Deno.ServeHandlerInfo,
): Response {
  const { method } = request;
  const headers = answerFields(response, id) as [string, string][];
  if (method === "PUT" && waitsForNothing(request)) headers.push(["connection", "close"]);
  const { status, body } = response;
  const untold = method === "HEAD" && !BODILESS.has(status) &&
    !response.headers.some(([name]) => name === "content-length");
  if (untold) {
    if (body !== null && !(body instanceof Uint8Array)) body.release();
    return new Response(unknownLength(), { status, headers });
  }
  const sent = body === null || body instanceof Uint8Array
    ? body
    : inOnePiece(response, body) ?? sourceStream(body, info.completed);
  return new Response(sent, { status, headers });
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
