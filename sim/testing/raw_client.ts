/**
 * A client that writes and reads bytes, for what no HTTP client would send or show.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { Signer } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { ByteReader } from "../origin/byte_reader.ts";
import { readBody } from "../origin/request_body.ts";
import type { Origin } from "../origin/origin.ts";

/** An answer as it came. */
export interface RawAnswer {
  /** The status line and the fields, as they came. */
  readonly head: string;
  /** HTTP status. */
  readonly status: number;
  /** The fields, names as they came. */
  readonly fields: ReadonlyMap<string, string>;
  /** The body as text. */
  readonly body: string;
}

/** What is to be sent. */
export interface RawRequest {
  /** The method; GET if not given. */
  readonly method?: string;
  /** The target as it is sent. */
  readonly target: string;
  /** The Host; the origin's own if not given. */
  readonly host?: string;
  /** Fields beside those of the signature, names in lower case. */
  readonly headers?: readonly HeaderPair[];
  /** The body; a Content-Length goes with it. */
  readonly body?: string;
  /** What the signature says of the body; its hash if not given. */
  readonly payloadHash?: string;
  /** The time of the signature; now if not given. */
  readonly time?: number;
}

/** The bytes of a signed request, as a Latin-1 string. */
export function signedRequest(origin: Origin, request: RawRequest): string {
  const { method = "GET", target, headers = [], body, time } = request;
  const [path, ...query] = target.split("?");
  const fields: HeaderPair[] = [["host", request.host ?? `127.0.0.1:${origin.port}`], ...headers];
  const signer = new Signer({
    credentials: origin.credentials,
    region: origin.region,
    now: () => time ?? Date.now(),
  });
  const signed = signer.sign({
    method,
    path: path!,
    query: query.join("?"),
    headers: fields,
    payloadHash: request.payloadHash ?? hash("sha256", Buffer.from(body ?? "", "latin1"), "hex"),
  });
  const all = [...fields, ...signed];
  if (body !== undefined) all.push(["content-length", String(body.length)]);
  const lines = all.map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} HTTP/1.1`, ...lines, "", body ?? ""].join("\r\n");
}

/** One connection. */
export class RawClient implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #reader: ByteReader;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.#reader = new ByteReader(conn);
  }

  /** Connects. */
  static async connect(origin: Origin): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port: origin.port }));
  }

  /** Sends a Latin-1 string. */
  async send(text: string): Promise<void> {
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Reads an answer, its body unless it is one to a HEAD. */
  async answer(method = "GET"): Promise<RawAnswer> {
    const head = await this.#reader.readUntil("\r\n\r\n", 64 * 1024);
    if (head === undefined) throw new Error("hung up without an answer");
    const [first, ...lines] = head.split("\r\n");
    const fields = new Map(lines.map((line): [string, string] => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }));
    const length = fields.get("Content-Length");
    const chunked = fields.get("Transfer-Encoding") === "chunked";
    const body = method === "HEAD" ? new Uint8Array(0) : await readBody(
      this.#reader,
      chunked
        ? { kind: "chunked" }
        : length === undefined
        ? { kind: "none" }
        : { kind: "length", bytes: Number(length) },
      () => {},
    );
    return {
      head,
      status: Number(first!.split(" ")[1]),
      fields,
      body: Buffer.from(body).toString("latin1"),
    };
  }

  /** Exactly so many bytes. */
  async read(bytes: number): Promise<string> {
    let text = "";
    while (text.length < bytes) {
      text += Buffer.from(await this.#reader.readSome(bytes - text.length)).toString("latin1");
    }
    return text;
  }

  /** Everything up to the end, clean or not. */
  async rest(): Promise<string> {
    let text = "";
    try {
      while (true) text += Buffer.from(await this.#reader.readSome(65536)).toString("latin1");
    } catch {
      return text;
    }
  }

  /** Hangs up. */
  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

/** Sends one request on a connection of its own. */
export async function ask(origin: Origin, request: RawRequest): Promise<RawAnswer> {
  using client = await RawClient.connect(origin);
  await client.send(signedRequest(origin, request));
  return await client.answer(request.method);
}
