/**
 * Clients of the proxy's own pipeline.
 *
 * @module
 */
import { Signer, UNSIGNED_PAYLOAD } from "@s3-edge-cache/auth";
import type { Cache } from "@s3-edge-cache/cache";
import {
  createPipeline,
  createRequestIds,
  type EntryRecord,
  type Handler,
  type RawRequest,
  type RawResponse,
  READ_DEFAULTS,
  Trace,
} from "@s3-edge-cache/proxy";
import { encodeKey, HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import { Tally } from "../engine/tally.ts";
import type { SimOperation, SimRequest } from "../workload/sim_request.ts";
import type { TimedOrigin } from "./timed_origin.ts";

const CREDENTIALS = { accessKeyId: "simulated", secretAccessKey: "simulated-secret" };
const REGION = "us-east-1";
const HOST: HeaderPair = ["host", "s3.simulated"];
const CLIENT_IDLE_MS = 60_000;

const METHODS: Readonly<Record<SimOperation, string>> = {
  read: "GET",
  head: "HEAD",
  write: "PUT",
  delete: "DELETE",
};

/** Sends signed requests through a pipeline, reads the answers, and counts. */
export class Clients {
  /** What was counted; of the origin and of time it knows nothing. */
  readonly tally: Tally = new Tally();
  readonly #origin: TimedOrigin;
  readonly #signer: Signer = new Signer({
    credentials: CREDENTIALS,
    region: REGION,
    now: Date.now,
  });
  readonly #nextId: () => string = createRequestIds();
  readonly #pipeline: Handler<RawRequest>;

  /** Clients of a proxy with this cache, or none, before this origin. */
  constructor(cache: Cache<EntryRecord> | undefined, origin: TimedOrigin) {
    this.#origin = origin;
    this.#pipeline = createPipeline({
      credentials: CREDENTIALS,
      region: REGION,
      addressing: {},
      cache,
      upstream: origin,
      log: () => {},
      verification: undefined,
      observe: undefined,
      now: Date.now,
      clientIdleMs: CLIENT_IDLE_MS,
      reads: READ_DEFAULTS,
      lostWriteGraceMs: 0,
    });
  }

  /** Sends a request; settles when its answer is read to the end. */
  async send({ operation, key, size }: SimRequest): Promise<void> {
    const path = `/simulated/${encodeKey(key)}`;
    if (operation === "read" || operation === "write") this.#origin.put(path, size);
    const sent = Promise.withResolvers<void>();
    const request = this.#signed(METHODS[operation], path, sent.promise);
    const begin = performance.now();
    const response = await this.#pipeline(request);
    const bytes = await readBody(response);
    const latency = performance.now() - begin;
    sent.resolve();
    const whole = operation !== "read" || bytes === size;
    if (response.status >= 300 || !whole) this.tally.errors += 1;
    else if (operation === "write" || operation === "delete") this.tally.writes += 1;
    else this.#countRead(response, bytes, latency);
  }

  #signed(method: string, path: string, completed: Promise<void>): RawRequest {
    const fields = method === "PUT" ? [HOST, ["content-length", "0"] as const] : [HOST];
    const request = { method, path, query: "", headers: fields, payloadHash: UNSIGNED_PAYLOAD };
    const signed = this.#signer.sign(request);
    return {
      method,
      target: path,
      headers: new HeaderList([...fields, ...signed]),
      body: null,
      id: this.#nextId(),
      trace: new Trace(performance.now()),
      signal: new AbortController().signal,
      completed,
    };
  }

  #countRead({ outcome }: RawResponse, bytes: number, latency: number): void {
    const { tally } = this;
    tally.latency.add(latency);
    tally.readBytes += bytes;
    if (outcome.kind === "hit" || outcome.kind === "revalidated") {
      tally.hits += 1;
      tally.hitBytes += bytes;
      if (outcome.kind === "revalidated") tally.revalidations += 1;
      return;
    }
    tally.misses += 1;
    if (outcome.kind === "follow") tally.follows += 1;
  }
}

/** Reads an answer to its end: the bytes of its body. */
async function readBody({ body }: RawResponse): Promise<number> {
  if (body === null) return 0;
  if (body instanceof Uint8Array) return body.length;
  let bytes = 0;
  try {
    for (let view = await body.read(); view !== undefined; view = await body.read()) {
      bytes += view.length;
    }
  } finally {
    body.release();
  }
  return bytes;
}
