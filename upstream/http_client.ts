/**
 * The origin over HTTP/1.1. The raw target and the Content-Length are sent as they are given,
 * nothing is decoded and no redirect followed.
 *
 * Reads, which have no body and are the many, go by connections of our own, at a third of the cost;
 * everything else by undici's pool.
 *
 * @module
 */
import { type Dispatcher, Pool } from "undici";
import { type PostPolicy, Signer, signPostPolicy } from "@s3-edge-cache/auth";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import type { UpstreamClient, UpstreamRequest, UpstreamResponse } from "./client.ts";
import { type UpstreamOptions, validateUpstreamOptions } from "./options.ts";
import { ConnectionPool } from "./connection_pool.ts";
import { isHungUp, upstreamFailure } from "./failure.ts";
import { requestHead } from "./request_head.ts";
import { ResponseHandler } from "./response_handler.ts";
import { withRetries } from "./retry.ts";

/** undici takes any asynchronous iterable; its type names Node's streams only. */
type DispatchBody = Dispatcher.DispatchOptions["body"] & object;

/** Methods without a body. */
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Largest head of an answer, in bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * An {@linkcode UpstreamClient} over HTTP/1.1, in clear or over TLS as the endpoint says.
 *
 * @example
 * ```ts
 * import { HttpUpstreamClient, parseEndpoint, UPSTREAM_DEFAULTS } from "@s3-edge-cache/upstream";
 *
 * const client = new HttpUpstreamClient({
 *   ...UPSTREAM_DEFAULTS,
 *   endpoint: parseEndpoint("http://127.0.0.1:7070"),
 *   credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
 * });
 * await client.close();
 * ```
 */
export class HttpUpstreamClient implements UpstreamClient {
  readonly #options: UpstreamOptions;
  readonly #signer: Signer;
  readonly #pool: Pool;
  readonly #reads: ConnectionPool;

  /**
   * Makes a client; connections are opened as requests need them.
   *
   * @param options The origin and the bounds on waiting for it.
   * @throws {RangeError} naming an option that is out of bounds.
   */
  constructor(options: UpstreamOptions) {
    validateUpstreamOptions(options);
    this.#options = options;
    this.#signer = new Signer(options);
    this.#reads = new ConnectionPool(options);
    this.#pool = new Pool(options.endpoint.origin, {
      connections: options.maxConnections,
      pipelining: 1,
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: options.firstByteTimeoutMs,
      bodyTimeout: options.idleTimeoutMs,
      connect: { timeout: options.connectTimeoutMs },
    });
  }

  /** {@inheritDoc UpstreamClient.send} */
  send(request: UpstreamRequest): Promise<UpstreamResponse> {
    return withRetries(this.#options, request, () => this.#sendOnce(request));
  }

  /** {@inheritDoc UpstreamClient.signPolicy} */
  signPolicy(policy: PostPolicy): readonly (readonly [name: string, value: string])[] {
    return signPostPolicy(policy, this.#options);
  }

  /** {@inheritDoc UpstreamClient.close} */
  async close(): Promise<void> {
    this.#reads.close();
    await this.#pool.destroy();
  }

  async #sendOnce(request: UpstreamRequest): Promise<UpstreamResponse> {
    const { endpoint } = this.#options;
    const path = endpoint.pathPrefix + request.path;
    const headers: HeaderPair[] = [["host", endpoint.host], ...request.headers];
    const { method, query, payloadHash } = request;
    const signed = payloadHash === undefined
      ? undefined
      : this.#signer.signWithSeed({ method, path, query, headers, payloadHash });
    if (signed !== undefined) headers.push(...signed.fields);
    if (request.contentLength !== undefined) {
      headers.push(["content-length", String(request.contentLength)]);
    }
    if (request.body === null && READS.has(method)) {
      return await this.#read(request, query === "" ? path : `${path}?${query}`, headers);
    }
    const handler = new ResponseHandler(method, request.signal);
    this.#pool.dispatch({
      method,
      path: query === "" ? path : `${path}?${query}`,
      headers: headers.flat(),
      body: (request.body?.(signed?.seed) ?? null) as unknown as DispatchBody,
      reset: false,
    }, handler);
    const patience = this.#limitWait(handler);
    try {
      return await handler.response;
    } catch (error) {
      throw upstreamFailure(error);
    } finally {
      clearTimeout(patience);
    }
  }

  /**
   * A read goes out by a connection of our own. One that has idled may have been hung up on in the
   * meantime: then, if no byte of an answer came, the request is sent again on another.
   */
  async #read(
    { method, signal }: UpstreamRequest,
    target: string,
    headers: readonly HeaderPair[],
  ): Promise<UpstreamResponse> {
    const head = requestHead(method, target, headers);
    try {
      for (;;) {
        const acquired = this.#reads.acquire();
        const connection = acquired instanceof Promise ? await acquired : acquired;
        const { reused } = connection;
        try {
          return await connection.exchange(head, method, signal);
        } catch (error) {
          if (!reused || !isHungUp(error)) throw error;
        }
      }
    } catch (error) {
      throw upstreamFailure(error);
    }
  }

  /** Where every connection is taken, a request waits for a free one as long as to connect. */
  #limitWait(handler: ResponseHandler): ReturnType<typeof setTimeout> | undefined {
    if (this.#pool.stats.queued === 0) return undefined;
    const busy = new S3Error("SlowDown", {
      message: "Every connection to the storage behind this endpoint is in use.",
    });
    return setTimeout(() => handler.giveUp(busy), this.#options.connectTimeoutMs);
  }
}
