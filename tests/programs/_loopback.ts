/**
 * The origin without a network: whatever happens, happens in the microtasks of one isolate, so
 * that a program of requests runs the same way each time.
 *
 * @module
 */
import { Signer } from "@s3-edge-cache/auth";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import { type Delivery, type Origin, parseRequestHead } from "@s3-edge-cache/sim";
import type {
  ByteSource,
  UpstreamClient,
  UpstreamRequest,
  UpstreamResponse,
} from "@s3-edge-cache/upstream";

const CONNECTION_FIELDS: ReadonlySet<string> = new Set(["connection", "transfer-encoding"]);

/** Sends to an origin in this isolate; sends nothing again. */
export class Loopback implements UpstreamClient {
  readonly #origin: Origin;
  readonly #signer: Signer;
  #activity = 0;

  /**
   * A way to an origin.
   *
   * @param origin Where requests go.
   * @param now The clock that they are signed by.
   */
  constructor(origin: Origin, now: () => number) {
    this.#origin = origin;
    this.#signer = new Signer({ credentials: origin.credentials, region: origin.region, now });
  }

  /** Grows with everything that comes or goes. */
  get activity(): number {
    return this.#activity;
  }

  async send(request: UpstreamRequest): Promise<UpstreamResponse> {
    this.#activity++;
    const left = Promise.withResolvers<never>();
    left.promise.catch(() => {});
    const leave = () => left.reject(new DOMException("The request was given up", "AbortError"));
    request.signal?.addEventListener("abort", leave, { once: true });
    if (request.signal?.aborted) leave();
    const delivery = await Promise.race([this.#deliver(request, left.promise), left.promise]);
    const pieces = this.#counted(delivery);
    const head = await Promise.race([pieces.next(), left.promise]);
    if (head.done) throw new S3Error("ServiceUnavailable");
    const { status, headers } = parseHead(head.value);
    const bodiless = request.method === "HEAD" || status === 204 || status === 304;
    const body = bodiless ? null : bodyOf(pieces, headers, left);
    return {
      status,
      headers: headers.filter(([name]) => !CONNECTION_FIELDS.has(name)),
      body,
    };
  }

  signPolicy(): never {
    throw new Error("no program uploads by a form");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #deliver(request: UpstreamRequest, left: Promise<never>): Promise<Delivery> {
    const { method, path, query, payloadHash, contentLength } = request;
    const headers: HeaderPair[] = [["host", "origin"], ...request.headers];
    const signed = this.#signer.signWithSeed({
      method,
      path,
      query,
      headers,
      payloadHash: payloadHash!,
    });
    headers.push(...signed.fields);
    if (contentLength !== undefined) headers.push(["content-length", String(contentLength)]);
    const lines = headers.map(([name, value]) => `\r\n${name}: ${value}`);
    const target = query === "" ? path : `${path}?${query}`;
    const body = request.body?.(signed.seed);
    return await this.#origin.respond({
      head: parseRequestHead(`${method} ${target} HTTP/1.1${lines.join("")}`),
      readBody: () => body === undefined ? Promise.resolve(new Uint8Array(0)) : readWhole(body),
      persists: () => true,
      untilHungUp: () => left.catch(() => {}),
    });
  }

  async *#counted(delivery: Delivery): AsyncGenerator<Uint8Array, undefined> {
    for await (const piece of delivery.bytes) {
      this.#activity++;
      yield piece;
    }
    this.#activity++;
  }
}

async function readWhole(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece.slice());
  return await new Blob(pieces as BlobPart[]).bytes();
}

function parseHead(bytes: Uint8Array): { status: number; headers: HeaderPair[] } {
  const [line, ...fields] = new TextDecoder("latin1").decode(bytes).trimEnd().split("\r\n");
  const headers = fields.map((field): HeaderPair => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  return { status: Number(line!.split(" ")[1]), headers };
}

/** The bytes as their framing says, up to their announced end; an error where they stop before. */
function bodyOf(
  pieces: AsyncGenerator<Uint8Array, undefined>,
  headers: readonly HeaderPair[],
  left: PromiseWithResolvers<never>,
): ByteSource {
  const length = headers.find(([name]) => name === "content-length")?.[1];
  const data = length === undefined ? unchunked(pieces) : cutAt(pieces, Number(length));
  return {
    lasting: true,
    read: async () => {
      const { done, value } = await Promise.race([data.next(), left.promise]);
      return done ? undefined : value;
    },
    release: () => left.reject(new DOMException("The reader left", "AbortError")),
  };
}

async function* cutAt(
  pieces: AsyncGenerator<Uint8Array, undefined>,
  length: number,
): AsyncGenerator<Uint8Array, undefined> {
  let missing = length;
  while (missing > 0) {
    const { done, value } = await pieces.next();
    if (done) throw new Error("the connection was cut");
    const kept = value.subarray(0, missing);
    missing -= kept.length;
    if (kept.length > 0) yield kept;
  }
  await pieces.next();
}

/** The origin sends the size of a chunk, its data and its end in pieces of their own. */
async function* unchunked(
  pieces: AsyncGenerator<Uint8Array, undefined>,
): AsyncGenerator<Uint8Array, undefined> {
  for (let i = 0;; i++) {
    const { done, value } = await pieces.next();
    if (done) throw new Error("the connection was cut");
    if (i % 3 === 0 && value[0] === 0x30) return;
    if (i % 3 === 1) yield value;
  }
}
