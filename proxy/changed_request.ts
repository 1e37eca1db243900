/**
 * A request with changes.
 *
 * @module
 */
import type { RawRequest } from "./request.ts";

/** What takes the place of a request's own. */
export type RequestChanges = Partial<
  Pick<RawRequest, "headers" | "method" | "signal" | "trace">
>;

/** The same request, changed. What costs something to ask for is not asked for here. */
export class ChangedRequest implements RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: RawRequest["headers"];
  readonly body: RawRequest["body"];
  readonly id: string;
  readonly trace: RawRequest["trace"];
  readonly #raw: RawRequest;
  readonly #signal: AbortSignal | undefined;

  /**
   * Changes a request.
   *
   * @param raw The request.
   * @param changes What takes the place of its own.
   */
  constructor(raw: RawRequest, changes: RequestChanges) {
    this.method = changes.method ?? raw.method;
    this.target = raw.target;
    this.headers = changes.headers ?? raw.headers;
    this.body = raw.body;
    this.id = raw.id;
    this.trace = changes.trace ?? raw.trace;
    this.#raw = raw;
    this.#signal = changes.signal;
  }

  get signal(): AbortSignal {
    return this.#signal ?? this.#raw.signal;
  }

  get completed(): Promise<void> {
    return this.#raw.completed;
  }
}
