import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { TraceFormat } from "../flags/flags.ts";
import { UsageError } from "../flags/command_line.ts";
import type { SimRequest } from "../workload/sim_request.ts";
import { openTrace } from "./trace.ts";

/** Reads what a file of this name and content holds. */
async function readTrace(
  name: string,
  content: string | Uint8Array,
  format: TraceFormat | "auto" = "auto",
  most = Infinity,
): Promise<SimRequest[]> {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/${name}`;
    await Deno.writeFile(path, Buffer.from(content as string));
    const source = await openTrace(path, format, most);
    return (await Array.fromAsync(source.batches())).flat();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The one line that a trace of this name and content is refused with. */
async function faultOf(name: string, content: string | Uint8Array): Promise<string> {
  try {
    await readTrace(name, content);
  } catch (error) {
    assert(error instanceof UsageError, String(error));
    assert.equal(error.faults.length, 1);
    return error.faults[0]!.replace(/^--trace: \S*\//, "");
  }
  throw new Error("not refused");
}

function shown(requests: readonly SimRequest[]): unknown[] {
  return requests.map(({ time, operation, key, size }) => [time, operation, key, size]);
}

const ROWS = 'time,key,size,op\n1,a,10,\n2.5,"b,""c",20,PUT\r\n\n3,ü,0,delete\n4,a,10,head';
const READ = [
  [1_000, "read", "a", 10],
  [2_500, "write", 'b,"c', 20],
  [3_000, "delete", "ü", 0],
  [4_000, "head", "a", 10],
];

Deno.test("CSV is read plain, by gzip and by zstd, in one piece and in several", async () => {
  const bytes = Buffer.from(ROWS);
  const [one, two] = [bytes.subarray(0, 30), bytes.subarray(30)];
  const files: [string, Uint8Array][] = [
    ["t.csv", bytes],
    ["t.csv.gz", gzipSync(bytes)],
    ["t.csv.zst", zstdCompressSync(bytes)],
    ["members.csv.gz", Buffer.concat([gzipSync(one), gzipSync(two)])],
    ["frames.csv.zst", Buffer.concat([zstdCompressSync(one), zstdCompressSync(two)])],
    ["unnamed", gzipSync(bytes)],
  ];
  for (const [name, content] of files) {
    assert.deepEqual(shown(await readTrace(name, content)), READ, name);
  }
});

Deno.test("CSV without operations is all reads, and no more are taken than asked for", async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `${i},key-${i % 7},${i}\n`);
  const requests = await readTrace("t.csv", `time,key,size\n${rows.join("")}`, "auto", 40_000);
  assert.equal(requests.length, 40_000);
  assert.deepEqual(shown(requests.slice(-1)), [[39_999_000, "read", "key-1", 39_999]]);
});

Deno.test("A malformed row is told with its line, its value and what is allowed", async () => {
  const header = "time,key,size,op\n1,a,1,get\n";
  assert.equal(
    await faultOf("t.csv", "time;key;size\n"),
    't.csv: line 1: "time;key;size"; allowed as a header: time,key,size or time,key,size,op',
  );
  assert.equal(
    await faultOf("t.csv", `${header}2,b\n`),
    "t.csv: line 3: 2 fields; allowed: 4, as in the header",
  );
  assert.equal(
    await faultOf("t.csv", `${header}2,b,big,get`),
    't.csv: line 3: size "big"; allowed: a whole number of bytes',
  );
  assert.equal(
    await faultOf("t.csv", `${header}\n-2,b,1,get`),
    't.csv: line 4: time "-2"; allowed: seconds, such as 12 or 12.345',
  );
  assert.equal(
    await faultOf("t.csv", `${header}2,b,1,list`),
    't.csv: line 3: op "list"; allowed: read, get, head, write, put, set, delete',
  );
  assert.match(await faultOf("t.csv", header + "x".repeat(1_400_000)), /line 3: is longer than/);
});

Deno.test("A file that can't be read is told in one line", async () => {
  const bytes = Buffer.from(`time,key,size\n${"1,a,1\n".repeat(100_000)}`);
  const cut = (whole: Uint8Array) => whole.subarray(0, whole.length - 10);
  assert.match(await faultOf("t.csv.gz", cut(gzipSync(bytes))), /gzip data is broken: unexpected/);
  assert.match(await faultOf("t.csv.zst", cut(zstdCompressSync(bytes))), /zstd data is broken/);
  assert.match(await faultOf("t", "what is this"), /neither name nor first bytes/);
  assert.equal(await faultOf("t", ""), "t: is empty");
  await assert.rejects(openTrace("/nowhere/t", "auto", 1), /\/nowhere\/t: no such file/);
  const source = await openTrace("/", "csv", 1);
  await assert.rejects(Array.fromAsync(source.batches()), UsageError);
});

/** A record of oracleGeneral as libCacheSim's documentation lays it out. */
function record(time: number, id: bigint, size: number, next: bigint): Uint8Array {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(time, 0);
  bytes.writeBigUInt64LE(id, 4);
  bytes.writeUInt32LE(size, 12);
  bytes.writeBigInt64LE(next, 16);
  return bytes;
}

Deno.test("A trace without requests is told in one line", async () => {
  const contents: Record<string, string | Uint8Array> = {
    "t.csv": "",
    "header.csv": "time,key,size\n",
    "t.csv.gz": gzipSync(""),
    "t.csv.zst": zstdCompressSync("time,key,size\n"),
    "t.jsonl": "\n",
    "t.bin": "",
  };
  for (const [name, content] of Object.entries(contents)) {
    assert.equal(await faultOf(name, content), `${name}: has no requests`);
  }
});

Deno.test("oracleGeneral is read with the future that it tells", async () => {
  const never = 2n ** 63n - 1n;
  const records = [
    record(7, 5n, 100, 2n),
    record(8, 2n ** 64n - 1n, 2 ** 32 - 1, -1n),
    record(8, 5n, 100, never),
    record(9, 2n ** 53n, 1, 2n ** 33n),
  ];
  for (const name of ["t.oracleGeneral", "t.oracleGeneral.bin", "t.oracleGeneral.zst"]) {
    const bytes = Buffer.concat(records);
    const requests = await readTrace(name, name.endsWith("zst") ? zstdCompressSync(bytes) : bytes);
    assert.deepEqual(shown(requests), [
      [7_000, "read", "5", 100],
      [8_000, "read", "18446744073709551615", 4_294_967_295],
      [8_000, "read", "5", 100],
      [9_000, "read", "9007199254740992", 1],
    ]);
    const nextUses = requests.map(({ nextUse }) => nextUse);
    assert.deepEqual(nextUses, [2, Infinity, Infinity, 2 ** 33]);
  }
  assert.equal(
    await faultOf("t.oracleGeneral", Buffer.concat(records).subarray(0, 80)),
    "t.oracleGeneral: record 4: 8 bytes; allowed: 24 a record",
  );
});

/** A line of the proxy's access log. */
function logLine(fields: Record<string, unknown>): string {
  return JSON.stringify({
    time: "2026-01-02T03:04:05.006Z",
    keyId: "client",
    operation: "GetObject",
    bucket: "b",
    key: "k",
    version: null,
    range: null,
    status: 200,
    bytes: 10,
    outcome: "miss",
    durationMs: 1,
    upstreamMs: 1,
    requestId: "R",
    ...fields,
  });
}

Deno.test("The access log is read: what reads or changes an object, and nothing else", async () => {
  const lines = [
    logLine({}),
    logLine({ version: "v1" }),
    logLine({ status: 206, range: "bytes=0-4", bytes: 5 }),
    logLine({ status: 304, bytes: 0 }),
    logLine({ status: 404, bytes: 300 }),
    logLine({ operation: "HeadObject", bytes: 0 }),
    logLine({ operation: "ListObjectsV2", key: null }),
    logLine({ operation: "GetObjectTagging" }),
    logLine({ operation: "PutObject", bytes: 0 }),
    logLine({ operation: "CopyObject", bytes: 200 }),
    logLine({ operation: "PutObjectTagging" }),
    logLine({ operation: "DeleteObject", status: 204, bytes: 0 }),
    logLine({ operation: null, bucket: null, key: null, status: 403 }),
  ];
  const time = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  assert.deepEqual(shown(await readTrace("access.jsonl", lines.join("\n"))), [
    [time, "read", "b/k", 10],
    [time, "read", "b/k?versionId=v1", 10],
    [time, "read", "b/k bytes=0-4", 5],
    [time, "head", "b/k", 0],
    [time, "head", "b/k", 0],
    [time, "write", "b/k", 0],
    [time, "write", "b/k", 0],
    [time, "write", "b/k", 0],
    [time, "delete", "b/k", 0],
  ]);
});

Deno.test("A line of the access log that is none is told with its number", async () => {
  const good = `${logLine({})}\n`;
  assert.equal(
    await faultOf("a.log", `${good}{"time":`),
    "a.log: line 2: allowed: one JSON object a line",
  );
  assert.equal(
    await faultOf("a.log", good + logLine({ time: "noon" })),
    'a.log: line 2: time "noon"; allowed: a date as in ISO 8601',
  );
  assert.equal(
    await faultOf("a.log", good + logLine({ bytes: -1 })),
    "a.log: line 2: bytes -1; allowed: a whole number",
  );
});
