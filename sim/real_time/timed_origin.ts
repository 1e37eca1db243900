/**
 * An origin in this process that takes its time.
 *
 * @module
 */
import type { PipelineParts } from "@s3-edge-cache/proxy";
import type { OriginTiming } from "../engine/origin_model.ts";

/** How the pipeline asks an origin. */
type UpstreamClient = PipelineParts["upstream"];
type UpstreamRequest = Parameters<UpstreamClient["send"]>[0];
type UpstreamResponse = Awaited<ReturnType<UpstreamClient["send"]>>;
type ByteSource = NonNullable<UpstreamResponse["body"]>;

/** Bytes that come at once. */
const CHUNK_BYTES = 65_536;

const zeros = new Uint8Array(CHUNK_BYTES);

/**
 * Answers the pipeline's requests after a latency, and sends bodies of zeros no faster than its
 * throughput. Every object that it was told of is there, as if it came in one part of a multipart
 * upload, so that its entity tag is no checksum.
 */
export class TimedOrigin implements UpstreamClient {
  readonly #timing: OriginTiming;
  readonly #sizes: Map<string, number> = new Map();
  #requests = 0;
  #bytes = 0;

  /** An origin without objects. */
  constructor(timing: OriginTiming) {
    this.#timing = timing;
  }

  /** Requests that came. */
  get requests(): number {
    return this.#requests;
  }

  /** Bytes of the bodies that were asked for. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Tells it of an object, by its raw path. */
  put(path: string, size: number): void {
    this.#sizes.set(path, size);
  }

  /** Answers a request, whatever it is, about an object. */
  async send({ method, path, headers: asked }: UpstreamRequest): Promise<UpstreamResponse> {
    this.#requests += 1;
    await sleep(this.#timing.latencyMs);
    if (method === "DELETE") return { status: 204, headers: [], body: null };
    const size = this.#sizes.get(path) ?? 0;
    const etag = `"${size.toString(16).padStart(32, "0")}-1"`;
    const validators = [["etag", etag], [
      "last-modified",
      "Fri, 02 Jan 2026 03:04:05 GMT",
    ]] as const;
    if (asked.some(([name, value]) => name === "if-none-match" && value === etag)) {
      return { status: 304, headers: validators, body: null };
    }
    const headers = [
      ["content-length", String(method === "PUT" ? 0 : size)],
      ["content-type", "binary/octet-stream"],
      ...validators,
    ] as const;
    if (method !== "GET") return { status: 200, headers, body: null };
    this.#bytes += size;
    return { status: 200, headers, body: this.#body(size) };
  }

  /** Signs nothing: a simulation uploads no forms. */
  signPolicy(): never {
    throw new TypeError("This origin takes no form uploads");
  }

  /** Nothing is open. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #body(size: number): ByteSource {
    const { bytesPerSecond } = this.#timing;
    const begin = performance.now();
    let sent = 0;
    return {
      lasting: true,
      read: () => {
        if (sent === size) return undefined;
        const chunk = zeros.subarray(0, Math.min(CHUNK_BYTES, size - sent));
        sent += chunk.length;
        if (bytesPerSecond === 0) return chunk;
        const due = begin + sent * 1_000 / bytesPerSecond;
        return sleep(due - performance.now()).then(() => chunk);
      },
      release: () => {},
    };
  }
}

function sleep(milliseconds: number): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
