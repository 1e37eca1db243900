/**
 * A front before a pipeline that answers what its path asks for, so that every kind of answer can
 * be had from every front.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  BYPASS,
  type Listener,
  type RawRequest,
  type RawResponse,
  serveListener,
  wireListener,
} from "@s3-edge-cache/proxy";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { ByteSource } from "@s3-edge-cache/upstream";

/** The fronts by name. */
export const FRONTS = { wire: wireListener, serve: serveListener } as const;

/** The name of a front. */
export type FrontName = keyof typeof FRONTS;

/** A front that listens. */
export interface TestFront extends AsyncDisposable {
  readonly url: string;
  readonly listener: Listener;
  /** The requests that came, each with what was done with the body of its answer. */
  readonly seen: SeenRequest[];
  /** What was logged. */
  readonly events: readonly string[];
}

/** A request that came to the pipeline. */
export interface SeenRequest {
  readonly request: RawRequest;
  /** How often the source of its answer was released. */
  releases: number;
}

/** What a path answers; asynchronous ones are answered in the next turn. */
export type Answers = Readonly<
  Record<string, (request: RawRequest, seen: SeenRequest) => RawResponse | Promise<RawResponse>>
>;

/** Starts a front; at its end it is drained. */
export function startFront(name: FrontName, answers: Answers, idleMs = 60_000): TestFront {
  const seen: SeenRequest[] = [];
  const events: string[] = [];
  const listener = FRONTS[name]({
    address: { hostname: "127.0.0.1", port: 0 },
    shared: false,
    idleMs,
    log: (level, message, fields) => events.push(`${level} ${message} ${JSON.stringify(fields)}`),
    pipeline: (request) => {
      const entry = { request, releases: 0 };
      seen.push(entry);
      const answer = answers[request.target.split("?")[0]!.slice(1)] ?? answers.echo!;
      return answer(request, entry);
    },
  });
  return {
    url: `http://127.0.0.1:${listener.address.port}`,
    listener,
    seen,
    events,
    [Symbol.asyncDispose]: () => listener.drain(),
  };
}

/** An answer with a body of bytes, a source, or none. */
export function answer(
  status: number,
  headers: readonly HeaderPair[],
  body: RawResponse["body"] | string,
): RawResponse {
  const bytes = typeof body === "string" ? new Uint8Array(Buffer.from(body, "latin1")) : body;
  return { status, headers, body: bytes, outcome: BYPASS };
}

/** Bytes in shared memory, as the cache's are. */
export function shared(text: string): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(text.length + 8), 8);
  bytes.set(Buffer.from(text, "latin1"));
  return bytes;
}

/** A source of views, each at once or in its time; an error ends it. */
export function source(
  seen: SeenRequest,
  views: Iterable<Uint8Array | Error | Promise<Uint8Array | undefined>>,
): ByteSource {
  const iterator = views[Symbol.iterator]();
  let released = false;
  return {
    lasting: true,
    read() {
      const { value } = iterator.next();
      if (value instanceof Error) throw value;
      return value;
    },
    release() {
      if (!released) seen.releases++;
      released = true;
    },
  };
}

/** Tells what came: method, target, fields and body. */
export async function echo(request: RawRequest): Promise<RawResponse> {
  const { method, target, headers } = request;
  const fields = new Map<string, string>();
  for (const [name, value] of headers.pairs) {
    fields.set(name, fields.has(name) ? `${fields.get(name)}, ${value}` : value);
  }
  const body = request.body === null ? "" : await new Response(request.body).text();
  return answer(200, [], JSON.stringify([method, target, [...fields].toSorted(), body]));
}
