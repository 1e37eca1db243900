/**
 * A client of gRPC, as far as an export needs one: calls with one message each way, over the
 * HTTP/2 of `fetch`.
 *
 * It stands in for `@grpc/grpc-js`, whose `node:http2` ends the whole process in Deno 2.9.6 where a
 * server goes away at the wrong moment (an assertion of nghttp2). `fetch` shows no trailers, and
 * does not need to: a call that failed has its status in the head, or no message.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** The largest answer that is taken, in bytes: gRPC's own default. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Bytes before a message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;

/** A gRPC service at a place. */
export class GrpcClient implements Disposable {
  readonly #url: string;
  readonly #fields: ReadonlyMap<string, string>;
  readonly #http = Deno.createHttpClient({ http1: false, http2: true });
  readonly #closed = new AbortController();

  /**
   * Nothing is connected before the first call.
   *
   * @param url Where the service is: `http` for HTTP/2 in clear, `https` over TLS. A path comes
   * before the names of methods.
   * @param fields Metadata of every call.
   */
  constructor(url: string, fields: ReadonlyMap<string, string>) {
    this.#url = url.replace(/\/+$/, "");
    this.#fields = fields;
  }

  /**
   * Calls a method.
   *
   * @param method Its whole name, such as `/package.Service/Method`.
   * @param message The message, without its prefix.
   * @param patienceMs How long the whole call may take, in milliseconds.
   * @returns The message of the answer.
   * @throws {Error} if there is none: no connection, no answer in time, a status other than 0.
   * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
   */
  async call(method: string, message: Uint8Array, patienceMs: number): Promise<Uint8Array> {
    const response = await fetch(this.#url + method, {
      method: "POST",
      client: this.#http,
      redirect: "manual",
      signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]),
      headers: [
        ...this.#fields,
        ["content-type", "application/grpc"],
        ["te", "trailers"],
        ["grpc-timeout", `${Math.ceil(patienceMs)}m`],
      ],
      body: framed(message),
    });
    try {
      checkHead(response);
      return await readMessage(response);
    } catch (error) {
      await response.body?.cancel().catch(() => {});
      throw error;
    }
  }

  /** Gives up calls that run, and closes the connections. Further calls do nothing. */
  [Symbol.dispose](): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#http.close();
  }
}

function framed(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(PREFIX_BYTES + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

function checkHead({ status, headers }: Response): void {
  const type = headers.get("content-type") ?? "none";
  if (status !== 200 || !type.startsWith("application/grpc")) {
    throw new Error(`no answer of gRPC, but HTTP status ${status}, content-type ${type}`);
  }
  const code = headers.get("grpc-status");
  if (code === null || code === "0") return;
  throw new Error(`grpc-status ${code}: ${unescaped(headers.get("grpc-message") ?? "no message")}`);
}

/** A message of a status with its percent encoding undone; as it is where that is wrong. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readMessage({ body }: Response): Promise<Uint8Array> {
  const bytes = await readAll(body);
  if (bytes.length < PREFIX_BYTES) {
    throw new Error("the call ended without a message, so with a status other than 0");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint8(0) !== 0) throw new Error("a compressed answer, which was not asked for");
  if (view.getUint32(1) !== bytes.length - PREFIX_BYTES) {
    throw new Error(
      `an answer of ${bytes.length} bytes whose message has ${view.getUint32(1)} by its prefix`,
    );
  }
  return bytes.subarray(PREFIX_BYTES);
}

async function readAll(body: Response["body"]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`an answer of over ${MAX_ANSWER_BYTES} bytes`);
  }
  return Buffer.concat(chunks, length);
}
