/**
 * One connection of a client: its requests in order, each answered before the next is read.
 *
 * A client that sends no more while its request is being answered is taken to have left, as a
 * closed connection looks no other: the request's signal aborts, and an answer that somebody gave
 * up for that reason, or that is still waited for, is not sent. Any other answer is.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { isHost } from "../answer_fields.ts";
import { errorResponse } from "../error_response.ts";
import type { RawResponse } from "../request.ts";
import { sendBytes, sendSource, type WhileHere } from "./answer_body.ts";
import { type AnswerHead, answerHead } from "./answer_head.ts";
import { ClientWait } from "./client_wait.ts";
import { HeadReader } from "./head_reader.ts";
import { Input } from "./input.ts";
import { BrokenOff, Output } from "./output.ts";
import { RequestBody } from "./request_body.ts";
import type { WireHead } from "./request_head.ts";
import type { WireServices } from "./services.ts";
import { WireRequest } from "./wire_request.ts";

/** Bytes of an unwanted body that are read to keep a connection. */
const MAX_DRAINED_BYTES = 256 * 1024;

/** Bytes that are read after the last answer, so that its client gets to read it. */
const MAX_LINGER_BYTES = 16 * 1024 * 1024;

/** What an answer to no request takes for its request. */
const NO_HEAD = { method: "GET", target: "", pairs: [], minor: 1, keepAlive: false } as const;

/** A connection that is being served. */
export class Connection {
  readonly #conn: Deno.TcpConn;
  readonly #services: WireServices;
  readonly #wait: ClientWait;
  readonly #input: Input;
  readonly #output: Output;
  readonly #heads: HeadReader;
  #request: WireRequest | undefined;
  #body: RequestBody | undefined;
  #asking: Promise<void> | undefined;
  #onLeave: (() => void) | undefined;
  #closed = false;

  /**
   * @param conn The connection.
   * @param services What all connections share.
   */
  constructor(conn: Deno.TcpConn, services: WireServices) {
    this.#conn = conn;
    this.#services = services;
    this.#wait = new ClientWait(services.ticks);
    this.#input = new Input(conn, () => {
      this.#request?.leave();
      this.#onLeave?.();
    });
    this.#output = new Output(conn, services.buffers, this.#wait);
    this.#heads = new HeadReader(this.#input, this.#wait, services);
  }

  /** Serves requests until the connection ends; never rejects. */
  async serve(): Promise<void> {
    try {
      this.#conn.setNoDelay(true);
      while (await this.#exchange());
    } catch (error) {
      if (!(error instanceof BrokenOff)) this.#services.onError(error);
    } finally {
      this.cut();
    }
  }

  /** Ends the connection if nothing is going on; if something is, its answer will be the last. */
  drain(): void {
    if (this.#heads.idle) this.cut();
  }

  /** Ends the connection if its client has been waited for since a tick, or longer. */
  cutIfWaitingSince(tick: number): void {
    if (this.#wait.isSince(tick)) this.cut();
  }

  /** Ends the connection. */
  cut(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }

  /** One request and its answer; gives whether another may follow. */
  async #exchange(): Promise<boolean> {
    let head: WireHead | undefined;
    try {
      head = await this.#heads.next();
    } catch (error) {
      if (error instanceof S3Error) return await this.#refuse(error);
      throw error;
    }
    if (head === undefined) return false;
    if (head.expectsContinue && head.length === 0) await this.#askForBody();
    this.#body = this.#bodyOf(head);
    const stream = this.#body?.stream() ?? null;
    const request = new WireRequest(head, stream, this.#services.nextId());
    this.#request = request;
    try {
      const asked = this.#ask(request);
      if (asked instanceof Promise) this.#watch();
      const response = asked instanceof Promise ? await asked : asked;
      return await this.#answer(response, request, head);
    } finally {
      request.complete();
      this.#request = this.#body = this.#asking = undefined;
    }
  }

  #bodyOf({ length, expectsContinue }: WireHead): RequestBody | undefined {
    if (length === 0) return undefined;
    const askFor = () => this.#asking = this.#askForBody();
    return new RequestBody(this.#input, length, expectsContinue ? askFor : undefined);
  }

  /**
   * Asks for a body, also for one of no bytes: botocore, which waits for it, would take the status
   * of an answer that comes at once for that of the connection's next one too.
   */
  async #askForBody(): Promise<void> {
    await this.#output.text("HTTP/1.1 100 Continue\r\n\r\n");
    await this.#output.flush();
  }

  #ask(request: WireRequest) {
    if (isHost(request.headers.get("host")!)) return this.#services.pipeline(request);
    return errorResponse(new S3Error("InvalidURI"), request, "");
  }

  /** Answers what is no request, and ends the connection. */
  async #refuse(error: S3Error): Promise<boolean> {
    const request = new WireRequest(NO_HEAD, null, this.#services.nextId());
    await this.#answer(errorResponse(error, request, "/"), request, NO_HEAD);
    await this.#linger();
    return false;
  }

  /** Sends an answer; gives whether another request may follow. */
  async #answer(
    response: RawResponse,
    request: WireRequest,
    { minor, keepAlive }: Pick<WireHead, "minor" | "keepAlive">,
  ): Promise<boolean> {
    const unread = this.#body?.unread ?? 0;
    this.#body?.answering();
    try {
      if (this.#asking !== undefined) await this.#asking;
      if (request.abandoned) return false;
      const head = answerHead(response, {
        method: request.method,
        minor,
        id: request.id,
        keepAlive: keepAlive && !this.#services.draining && unread <= MAX_DRAINED_BYTES,
        date: this.#services.date(),
      });
      await this.#send(head, response.body);
      keepAlive = head.keepAlive;
    } finally {
      release(response.body);
      this.#output.release();
      this.#onLeave = undefined;
    }
    return await this.#settle(keepAlive);
  }

  async #send(head: AnswerHead, body: RawResponse["body"]): Promise<void> {
    const output = this.#output;
    const wait = output.text(head.text);
    if (wait !== undefined) await wait;
    if (head.framing !== "none" && body !== null) {
      const sent = body instanceof Uint8Array
        ? sendBytes(output, body, head)
        : sendSource(output, body, head, this.#whileHere);
      if (sent !== undefined) await sent;
    }
    await output.flush();
  }

  /** What is left of a request after its answer; gives whether another may follow. */
  async #settle(keepAlive: boolean): Promise<boolean> {
    const body = this.#body;
    const complete = body === undefined || body.complete;
    if (keepAlive && complete) return true;
    this.#wait.begin();
    if (keepAlive) return await body!.drain();
    body?.close();
    if (!complete || this.#input.available > 0) await this.#linger();
    return false;
  }

  /** Ends our half, and reads on for a while: closing at once would take the answer away. */
  async #linger(): Promise<void> {
    this.#wait.beginLast();
    await this.#conn.closeWrite().catch(() => {});
    const input = this.#input;
    for (let left = MAX_LINGER_BYTES; left > 0 && !input.ended;) {
      left -= input.available;
      input.start = input.end;
      await input.more();
    }
  }

  /** Begins to read, if nobody does, so that it is noticed when the client leaves. */
  #watch(): void {
    if (this.#body !== undefined && !this.#body.complete) return;
    if (this.#input.hasRoom) void this.#input.more();
  }

  /** The same bytes; rejects as soon as the client leaves. */
  readonly #whileHere: WhileHere = (read) =>
    new Promise((resolve, reject) => {
      this.#onLeave = () => reject(new BrokenOff());
      if (this.#input.ended) this.#onLeave();
      read.then(resolve, () => reject(new BrokenOff()));
      this.#watch();
    });
}

function release(body: RawResponse["body"]): void {
  if (body !== null && !(body instanceof Uint8Array)) body.release();
}
