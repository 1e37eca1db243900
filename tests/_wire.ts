/**
 * A bare connection: sends bytes that no HTTP client would send, and reads what comes back.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { Signer } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { Answer } from "./_client.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** A request's head, to be signed. */
export interface WireRequest {
  readonly method?: string;
  readonly target: string;
  readonly headers?: readonly HeaderPair[];
  readonly payloadHash?: string;
}

/** One connection to a server. */
export class Wire implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #host: string;
  #rest = "";

  private constructor(conn: Deno.TcpConn, host: string) {
    this.#conn = conn;
    this.#host = host;
  }

  /** Connects to a server. */
  static async connect(url: string): Promise<Wire> {
    const { hostname, port, host } = new URL(url);
    return new Wire(await Deno.connect({ hostname, port: Number(port) }), host);
  }

  /** A head with the client's signature, its empty line included. */
  signed({ method = "GET", target, headers = [], payloadHash }: WireRequest): string {
    const signer = new Signer({
      credentials: CLIENT_CREDENTIALS,
      region: "us-east-1",
      now: Date.now,
    });
    const [path, query = ""] = target.split("?") as [string, string?];
    const fields: HeaderPair[] = [["host", this.#host], ...headers];
    fields.push(...signer.sign({
      method,
      path,
      query,
      headers: fields,
      payloadHash: payloadHash ?? "UNSIGNED-PAYLOAD",
    }));
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
  }

  /** Sends bytes; a text as Latin-1. */
  async send(bytes: string | Uint8Array): Promise<void> {
    const data = typeof bytes === "string" ? latin1(bytes) : bytes;
    for (let at = 0; at < data.length;) at += await this.#conn.write(data.subarray(at));
  }

  /**
   * Reads one answer, an informational one too.
   *
   * @param method The request's method: an answer to HEAD has no body.
   * @returns The answer, or `undefined` if the connection ended before it was whole.
   */
  async answer(method = "GET"): Promise<Answer | undefined> {
    const head = await this.#until("\r\n\r\n");
    if (head === undefined) return undefined;
    const [line, ...fields] = head.split("\r\n");
    const status = Number(line!.split(" ")[1]);
    const headers = fields.map((field): HeaderPair => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    });
    const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304;
    const body = bodiless ? "" : await this.#body(headers);
    return body === undefined ? undefined : new Answer(status, headers, latin1(body));
  }

  /** Reads until the server has hung up; gives what came before. */
  async untilClosed(): Promise<string> {
    while (await this.#more());
    return this.#rest;
  }

  /** Ends what we send; the answer can still be read. */
  async end(): Promise<void> {
    await this.#conn.closeWrite();
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }

  async #body(headers: readonly HeaderPair[]): Promise<string | undefined> {
    const value = (name: string) => headers.find(([field]) => field === name)?.[1];
    if (value("transfer-encoding") === "chunked") return await this.#chunks();
    const length = value("content-length");
    return length === undefined ? await this.untilClosed() : await this.#take(Number(length));
  }

  async #chunks(): Promise<string | undefined> {
    let body = "";
    while (true) {
      const line = await this.#until("\r\n");
      if (line === undefined) return undefined;
      const chunk = await this.#take(parseInt(line, 16) + 2);
      if (chunk === undefined) return undefined;
      if (chunk.length === 2) return body;
      body += chunk.slice(0, -2);
    }
  }

  async #until(delimiter: string): Promise<string | undefined> {
    while (!this.#rest.includes(delimiter)) if (!(await this.#more())) return undefined;
    const end = this.#rest.indexOf(delimiter);
    const text = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + delimiter.length);
    return text;
  }

  async #take(length: number): Promise<string | undefined> {
    while (this.#rest.length < length) if (!(await this.#more())) return undefined;
    const text = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    return text;
  }

  async #more(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      const read = await this.#conn.read(buffer);
      if (read === null) return false;
      this.#rest += Buffer.from(buffer.buffer, 0, read).toString("latin1");
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return false;
      throw error;
    }
  }
}
