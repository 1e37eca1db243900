/**
 * A client of a pipeline without a network: it reads as fast as it is told, and can leave.
 *
 * @module
 */
import { Signer } from "@s3-edge-cache/auth";
import { type Handler, type RawRequest, type RawResponse, Trace } from "@s3-edge-cache/proxy";
import type { Awaitable } from "@s3-edge-cache/cache";
import { HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import type { ByteSource } from "@s3-edge-cache/upstream";
import { Answer, type TestRequest } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_credentials.ts";

/** What became of a request: an answer, a body that broke off, or a client that left. */
export type Ending = Answer | "cut" | "left";

/** A request under way. */
export class Exchange {
  /** How it ended; never rejects. */
  readonly ending: Promise<Ending>;
  readonly #leaving = new AbortController();
  readonly #completed = Promise.withResolvers<void>();
  readonly #pieces: Uint8Array[] = [];
  #mayRead: PromiseWithResolvers<void> | undefined;
  #source: ByteSource | undefined;
  #left = false;
  #activity = 0;

  /**
   * Sends.
   *
   * @param pipeline Where to.
   * @param raw The request.
   * @param slow Whether its body is read only when told.
   */
  constructor(pipeline: Handler<RawRequest>, raw: RawHead, slow: boolean) {
    if (slow) this.#mayRead = Promise.withResolvers();
    const { signal } = this.#leaving;
    const completed = this.#completed.promise;
    const trace = new Trace(0);
    this.ending = this.#run(
      pipeline({ ...raw, id: "id", signal, completed, trace }),
    );
  }

  /** Grows with everything that comes. */
  get activity(): number {
    return this.#activity;
  }

  /** Lets a slow client read one piece, or all that is left. */
  read(all: boolean): void {
    this.#mayRead?.resolve();
    this.#mayRead = all ? undefined : Promise.withResolvers();
  }

  /** The client hangs up. */
  leave(): void {
    this.#left = true;
    this.#leaving.abort();
    this.#completed.resolve();
    this.read(true);
    this.#source?.release();
  }

  async #run(sent: Awaitable<RawResponse>): Promise<Ending> {
    try {
      const response = await sent;
      const whole = await this.#readBody(response);
      this.#activity++;
      if (this.#left) return "left";
      return whole ? new Answer(response.status, response.headers, this.#joined()) : "cut";
    } catch {
      return this.#left ? "left" : "cut";
    } finally {
      this.#completed.resolve();
      this.#source?.release();
    }
  }

  async #readBody({ body }: RawResponse): Promise<boolean> {
    if (body === null) return true;
    if (body instanceof Uint8Array) {
      this.#pieces.push(body);
      return true;
    }
    this.#source = body;
    if (this.#left) this.leave();
    for (;;) {
      await this.#mayRead?.promise;
      const view = await body.read();
      if (view === undefined) return true;
      this.#activity++;
      this.#pieces.push(view.slice());
    }
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.#pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }
}

/** What a request says, before it is sent. */
export type RawHead = Pick<RawRequest, "method" | "target" | "headers" | "body">;

/** Signs requests for a pipeline with the client's key. */
export function createRawRequests(now: () => number): (request: TestRequest) => RawHead {
  const signer = new Signer({ credentials: CLIENT_CREDENTIALS, region: "us-east-1", now });
  return ({ method = "GET", target, headers = [], body }) => {
    const [path, query = ""] = target.split("?") as [string, string?];
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const pairs: HeaderPair[] = [["host", "proxy"], ...headers];
    if (bytes !== undefined) pairs.push(["content-length", String(bytes.length)]);
    const payloadHash = "UNSIGNED-PAYLOAD";
    pairs.push(...signer.sign({ method, path, query, headers: pairs, payloadHash }));
    return {
      method,
      target,
      headers: new HeaderList(pairs),
      body: bytes === undefined || bytes.length === 0 ? null : ReadableStream.from([bytes]),
    };
  };
}
