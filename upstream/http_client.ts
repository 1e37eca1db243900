/**
 * The origin over HTTP/1.1. The raw target and the Content-Length are sent as they are given,
 * nothing is decoded and no redirect followed.
 *
 * @module
 */
import { type PostPolicy, Signer, signPostPolicy } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { UpstreamClient, UpstreamRequest, UpstreamResponse } from "./client.ts";
import { type UpstreamOptions, validateUpstreamOptions } from "./options.ts";
import { ConnectionPool } from "./connection_pool.ts";
import { isHungUp, upstreamFailure } from "./failure.ts";
import { requestHead } from "./request_head.ts";
import { withRetries } from "./retry.ts";
import type { Upload } from "./upload.ts";

/** Methods that change nothing. */
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

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
  readonly #pool: ConnectionPool;

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
    this.#pool = new ConnectionPool(options);
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
  close(): Promise<void> {
    this.#pool.close();
    return Promise.resolve();
  }

  async #sendOnce(request: UpstreamRequest): Promise<UpstreamResponse> {
    const { endpoint } = this.#options;
    const path = endpoint.pathPrefix + request.path;
    const headers: HeaderPair[] = [["host", endpoint.host], ...request.headers];
    const { method, query, payloadHash, contentLength } = request;
    const signed = payloadHash === undefined
      ? undefined
      : this.#signer.signWithSeed({ method, path, query, headers, payloadHash });
    if (signed !== undefined) headers.push(...signed.fields);
    const expectContinue = request.body !== null && request.expectContinue;
    if (contentLength !== undefined) headers.push(["content-length", String(contentLength)]);
    if (expectContinue) headers.push(["expect", "100-continue"]);
    const head = requestHead(method, query === "" ? path : `${path}?${query}`, headers);
    const reader = request.body?.(signed?.seed).getReader();
    try {
      if (reader === undefined) return await this.#exchange(request, head, undefined);
      // A body that is wrong from the start troubles nobody.
      const first = expectContinue ? undefined : (await reader.read()).value;
      const upload = { reader, first, length: contentLength!, expectContinue };
      return await this.#exchange(request, head, upload);
    } catch (error) {
      reader?.cancel(error).catch(() => {});
      throw upstreamFailure(error);
    }
  }

  /**
   * Sends on a connection that is free. One that has idled may have been hung up on in the
   * meantime: then, if no byte of an answer came, a read is sent again on another.
   */
  async #exchange(
    { method, signal }: UpstreamRequest,
    head: Uint8Array,
    upload: Upload | undefined,
  ): Promise<UpstreamResponse> {
    for (;;) {
      const acquired = this.#pool.acquire();
      const connection = acquired instanceof Promise ? await acquired : acquired;
      const { reused } = connection;
      try {
        return await connection.exchange(head, method, signal, upload);
      } catch (error) {
        if (!reused || !READS.has(method) || !isHungUp(error)) throw error;
      }
    }
  }
}
