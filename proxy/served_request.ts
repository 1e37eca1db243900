/**
 * A request as `Deno.serve` received it.
 *
 * @module
 */
import { HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import { isHost } from "./answer_fields.ts";
import type { RawRequest } from "./request.ts";
import { Trace } from "./trace.ts";

/** A request whose signal and completion Deno is asked for only where somebody asks for them. */
export class ServedRequest implements RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly id: string;
  readonly trace: Trace = new Trace(performance.now());
  readonly #request: Request;
  readonly #info: Deno.ServeHandlerInfo;

  /**
   * Reads a request.
   *
   * @param request The request.
   * @param info What Deno knows of it besides.
   * @param id The id that the answer carries.
   */
  constructor(request: Request, info: Deno.ServeHandlerInfo, id: string) {
    const { url } = request;
    const authority = url.indexOf("://") + 3;
    const slash = url.indexOf("/", authority);
    const pairs: HeaderPair[] = [];
    // Their iterator takes twice as long.
    request.headers.forEach((value, name) => pairs.push([name, value]));
    const has = (field: string) => pairs.some(([name]) => name === field);
    // HTTP/2 has an authority in the place of a Host field, and bodies that no field tells of.
    const isHttp2 = !has("host");
    if (isHttp2) {
      pairs.push(["host", slash < 0 ? url.slice(authority) : url.slice(authority, slash)]);
    }
    const hasBody = isHttp2 || has("content-length") || has("transfer-encoding");
    this.method = request.method;
    this.target = slash < 0 ? "/" : url.slice(slash);
    this.headers = new HeaderList(pairs);
    this.body = hasBody ? request.body : null;
    this.id = id;
    this.#request = request;
    this.#info = info;
  }

  /** Whether its Host is none that could be mistaken for a part of its path. */
  get hasHost(): boolean {
    return isHost(this.headers.get("host")!);
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get completed(): Promise<void> {
    return this.#info.completed.catch(() => {});
  }
}
