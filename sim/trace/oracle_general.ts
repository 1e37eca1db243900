/**
 * Traces in the binary format oracleGeneral of libCacheSim: records of 24 bytes, little-endian:
 * time in seconds (4 bytes), number of the object (8), its size (4), and the number of the request
 * that will be its next (8), -1 for none.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { SimRequest } from "../workload/sim_request.ts";
import { simRequest } from "../workload/sim_request.ts";
import { traceError } from "./trace_error.ts";

/** Bytes of a record. */
const RECORD_BYTES = 24;

/** What stands for no next request, beside -1. */
const NEVER = 0x7fffffff;

/**
 * Reads records; a batch for each chunk of bytes.
 *
 * @throws {UsageError} if the last record is cut off.
 */
export async function* requestsOfRecords(
  path: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<SimRequest[]> {
  let rest: Buffer = Buffer.alloc(0);
  let records = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - bytes.length % RECORD_BYTES;
    const batch: SimRequest[] = [];
    for (let at = 0; at < whole; at += RECORD_BYTES) batch.push(readRecord(bytes, at));
    rest = bytes.subarray(whole);
    records += batch.length;
    if (batch.length > 0) yield batch;
  }
  if (rest.length > 0) {
    const fault = `${rest.length} bytes; allowed: ${RECORD_BYTES} a record`;
    throw traceError(path, fault, `record ${records + 1}`);
  }
}

/** Writes the record of a request that tells its next use; the object is numbered by its hash. */
export function oracleRecord(request: SimRequest): Buffer {
  const record = Buffer.alloc(RECORD_BYTES);
  record.writeUInt32LE(Math.floor(request.time / 1_000) % 2 ** 32, 0);
  record.writeInt32LE(request.low, 4);
  record.writeInt32LE(request.high, 8);
  record.writeUInt32LE(Math.min(request.size, 2 ** 32 - 1), 12);
  const next = request.nextUse ?? Infinity;
  record.writeBigInt64LE(next === Infinity ? -1n : BigInt(next), 16);
  return record;
}

function readRecord(bytes: Buffer, at: number): SimRequest {
  const [idLow, idHigh] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
  const key = idHigh < 2 ** 21
    ? String(idHigh * 2 ** 32 + idLow)
    : String((BigInt(idHigh) << 32n) | BigInt(idLow));
  const [nextLow, nextHigh] = [bytes.readUInt32LE(at + 16), bytes.readInt32LE(at + 20)];
  const never = nextHigh < 0 || nextHigh === NEVER;
  return {
    ...simRequest(bytes.readUInt32LE(at) * 1_000, "read", key, bytes.readUInt32LE(at + 12)),
    nextUse: never ? Infinity : nextHigh * 2 ** 32 + nextLow,
  };
}
