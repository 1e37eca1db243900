/**
 * The origin of the bench: as cheap as an origin can be, so that what is measured is the proxy. It
 * answers any key that begins with a size, checks no signature and keeps no body.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { contentIndex, Contents, LARGEST_BYTES, sizeOf } from "./content.ts";
import { type RequestHead, RequestReader } from "./request_reader.ts";

/** What an ETag looks like: the body's MD5, or that of an object uploaded in parts. */
export type EtagForm = "md5" | "multipart";

/** Bodies up to this size go out in one piece with their head, in bytes. */
const JOINED_BYTES = 64 * 1024;

/** Path under which the origin tells its counts as JSON. */
export const CALLS_PATH = "/-/calls";

/** What the origin was asked for since its start. */
export interface OriginCalls {
  /** GET and HEAD of objects. */
  readonly reads: number;
  /** Everything else. */
  readonly writes: number;
}

/** Answers requests. */
export class BenchOrigin {
  readonly #etagForm: EtagForm;
  readonly #contents: Contents = new Contents(LARGEST_BYTES);
  readonly #versions: Map<string, number> = new Map();
  readonly #answers: Map<string, readonly Uint8Array<ArrayBuffer>[]> = new Map();
  #reads = 0;
  #writes = 0;

  /** @param etagForm What ETags look like. */
  constructor(etagForm: EtagForm) {
    this.#etagForm = etagForm;
  }

  /** Serves a connection to its end. */
  async serve(connection: Deno.Conn): Promise<void> {
    try {
      const reader = new RequestReader(connection);
      for (let head = await reader.next(); head !== undefined; head = await reader.next()) {
        for (const part of this.#answer(head)) await writeAll(connection, part);
      }
    } catch {
      // The other side left.
    } finally {
      try {
        connection.close();
      } catch {
        // It is closed.
      }
    }
  }

  #answer({ method, path }: RequestHead): readonly Uint8Array<ArrayBuffer>[] {
    if (path === CALLS_PATH) return [this.#calls()];
    const key = path.slice(path.indexOf("/", 1) + 1);
    const size = sizeOf(key);
    if (method !== "GET" && method !== "HEAD") return this.#write(method, key);
    this.#reads += 1;
    if (size === undefined) return [text("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")];
    const answer = this.#object(key, this.#versions.get(key) ?? 0, size);
    return method === "GET" ? answer : answer.slice(0, 1);
  }

  #write(method: string, key: string): readonly Uint8Array<ArrayBuffer>[] {
    this.#writes += 1;
    if (method !== "PUT") return [text("HTTP/1.1 204 No Content\r\n\r\n")];
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    return [
      text(`HTTP/1.1 200 OK\r\nx-amz-version-id: ${version}\r\ncontent-length: 0\r\n\r\n`),
    ];
  }

  #calls(): Uint8Array<ArrayBuffer> {
    const calls: OriginCalls = { reads: this.#reads, writes: this.#writes };
    const body = JSON.stringify(calls);
    return text(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  }

  /** An object's head and body, or both in one. */
  #object(key: string, version: number, size: number): readonly Uint8Array<ArrayBuffer>[] {
    const index = contentIndex(key, version);
    const name = `${index} ${size} ${version}`;
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    const body = this.#contents.bytes(index, size);
    const head = text(
      "HTTP/1.1 200 OK\r\n" +
        "date: Tue, 24 Nov 2026 12:00:00 GMT\r\n" +
        "last-modified: Mon, 23 Nov 2026 12:00:00 GMT\r\n" +
        `etag: ${this.#etag(body)}\r\n` +
        "accept-ranges: bytes\r\n" +
        "content-type: application/octet-stream\r\n" +
        "x-amz-request-id: 4442587FB7D0A2F9\r\n" +
        (version === 0 ? "" : `x-amz-version-id: ${version}\r\n`) +
        "server: bench\r\n" +
        `content-length: ${size}\r\n\r\n`,
    );
    const answer = size <= JOINED_BYTES ? [joined(head, body)] : [head, body];
    this.#answers.set(name, answer);
    return answer;
  }

  #etag(body: Uint8Array): string {
    const md5 = createHash("md5").update(body).digest("hex");
    return this.#etagForm === "md5" ? `"${md5}"` : `"${md5}-2"`;
  }
}

function joined(head: Uint8Array, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

function text(content: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(content);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
