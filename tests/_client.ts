/**
 * A client that sends exactly what it is told, signed: raw targets, repeated fields, odd keys.
 *
 * @module
 */
import { type Credentials, Signer } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { Pool } from "undici";

/** A request as a test writes it. */
export interface TestRequest {
  readonly method?: string;
  /** Raw path, and `?` with the raw query. */
  readonly target: string;
  readonly headers?: readonly HeaderPair[];
  readonly body?: Uint8Array | string;
  /** `x-amz-content-sha256`; UNSIGNED-PAYLOAD if not given. */
  readonly payloadHash?: string;
  /** Sent as it is, with no signature added. */
  readonly unsigned?: boolean;
  /** Ends the request. */
  readonly signal?: AbortSignal;
}

/** An answer whose head is here. */
export interface StreamedAnswer {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void };
}

/** A whole answer. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: readonly HeaderPair[],
    readonly body: Uint8Array,
  ) {}

  get text(): string {
    return new TextDecoder().decode(this.body);
  }

  header(name: string): string | undefined {
    return this.headers.find(([field]) => field === name)?.[1];
  }
}

/** Sends to one endpoint with one key. */
export class TestClient implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #signer: Signer;
  readonly host: string;

  constructor(url: string, credentials: Credentials, now: () => number = Date.now) {
    this.#pool = new Pool(url, { connections: 64 });
    this.#signer = new Signer({ credentials, region: "us-east-1", now });
    this.host = new URL(url).host;
  }

  /** Sends, and reads the whole answer. */
  async send(request: TestRequest): Promise<Answer> {
    const { status, headers, body } = await this.open(request);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return new Answer(
      status,
      headers,
      new Uint8Array(await new Blob(chunks as BlobPart[]).bytes()),
    );
  }

  get(target: string, ...headers: HeaderPair[]): Promise<Answer> {
    return this.send({ target, headers });
  }

  head(target: string, ...headers: HeaderPair[]): Promise<Answer> {
    return this.send({ method: "HEAD", target, headers });
  }

  put(target: string, body: Uint8Array | string, ...headers: HeaderPair[]): Promise<Answer> {
    return this.send({ method: "PUT", target, body, headers });
  }

  delete(target: string): Promise<Answer> {
    return this.send({ method: "DELETE", target });
  }

  post(target: string, body: Uint8Array | string, ...headers: HeaderPair[]): Promise<Answer> {
    return this.send({ method: "POST", target, body, headers });
  }

  /** Sends, and waits for the answer's head only. */
  async open(request: TestRequest): Promise<StreamedAnswer> {
    const { method = "GET", target, body } = request;
    const [path, query = ""] = splitTarget(target);
    const headers: HeaderPair[] = [...request.headers ?? []];
    if (!headers.some(([name]) => name === "host")) headers.push(["host", this.host]);
    if (request.unsigned !== true) {
      const payloadHash = request.payloadHash ?? "UNSIGNED-PAYLOAD";
      headers.push(...this.#signer.sign({ method, path, query, headers, payloadHash }));
    }
    const answer = await this.#pool.request({
      method: method as "GET",
      path: target,
      headers: headers.flat(),
      body: body ?? null,
      reset: false,
      signal: request.signal ?? null,
      responseHeaders: "raw",
    });
    const raw = answer.headers as unknown as string[];
    const pairs: HeaderPair[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i]!.toLowerCase(), raw[i + 1]!]);
    return { status: answer.statusCode, headers: pairs, body: answer.body };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}

function splitTarget(target: string): [path: string, query?: string] {
  const question = target.indexOf("?");
  return question < 0 ? [target] : [target.slice(0, question), target.slice(question + 1)];
}
