/**
 * One HTTP/1.1 connection of the origin: keep-alive, bodies by length or in chunks,
 * `100 Continue`. Written on bare TCP, because a fake must be able to send what no correct
 * server would.
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { OriginError } from "./error.ts";
import { readBody } from "./request_body.ts";
import { parseRequestHead, type WireHead } from "./request_head.ts";

/** The largest head that is read at all. */
const MAX_HEAD = 64 * 1024;
/** What is read of a body nobody wants, so that the answer before it can arrive. */
const MAX_DRAIN = 64 * 1024 * 1024;
const CONTINUE = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");

/** A request whose body can still be asked for. */
export interface WireRequest {
  /** Its head. */
  readonly head: WireHead;
  /** Reads the body; asks for it first, if the client waits to be asked. */
  readBody(progress: (bytes: number) => void): Promise<Uint8Array>;
  /** Whether another request may follow on this connection: the body is read, no close asked. */
  persists(): boolean;
  /** Reads on until the client hangs up. */
  untilHungUp(): Promise<void>;
}

/** An answer on its way. */
export interface Delivery {
  /** The bytes, in the order and at the time of their sending. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What becomes of the connection: kept, closed in peace, or hung up at once. */
  readonly then: "keep" | "close" | "hang_up";
}

/** What a connection needs of its server. */
export interface ConnectionHandler {
  /** Answers a request. */
  respond(request: WireRequest): Promise<Delivery>;
  /** Answers what is no request. */
  refuse(error: OriginError): Delivery;
}

/**
 * Serves a connection to its end.
 *
 * @param conn The connection; the caller closes it.
 * @param handler Who answers.
 */
export async function serveConnection(
  conn: Deno.TcpConn,
  handler: ConnectionHandler,
): Promise<void> {
  const reader = new ByteReader(conn);
  let open = true;
  while (open) open = await serveRequest(conn, reader, handler);
}

/** Serves one request; tells whether another may follow. */
async function serveRequest(
  conn: Deno.TcpConn,
  reader: ByteReader,
  handler: ConnectionHandler,
): Promise<boolean> {
  const head = await readHead(reader);
  if (head === undefined) return false;
  if (head instanceof OriginError) {
    await deliver(conn, reader, handler.refuse(head));
    return false;
  }
  let bodyRead = head.length.kind === "none";
  const delivery = await handler.respond({
    head,
    readBody: async (progress) => {
      if (head.expectsContinue && head.length.kind !== "none") await write(conn, CONTINUE);
      const body = await readBody(reader, head.length, progress);
      bodyRead = true;
      return body;
    },
    persists: () => bodyRead && !head.close,
    untilHungUp: () => reader.drain(Infinity),
  });
  await deliver(conn, reader, delivery);
  return delivery.then === "keep";
}

async function readHead(reader: ByteReader): Promise<WireHead | OriginError | undefined> {
  try {
    const raw = await reader.readUntil("\r\n\r\n", MAX_HEAD);
    return raw === undefined ? undefined : parseRequestHead(raw);
  } catch (error) {
    if (error instanceof RangeError) return new OriginError("RequestHeaderSectionTooLarge");
    if (error instanceof OriginError) return error;
    throw error;
  }
}

async function deliver(
  conn: Deno.TcpConn,
  reader: ByteReader,
  delivery: Delivery,
): Promise<void> {
  for await (const bytes of delivery.bytes) await write(conn, bytes);
  if (delivery.then === "close") {
    await conn.closeWrite();
    await reader.drain(MAX_DRAIN);
  }
}

async function write(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}
