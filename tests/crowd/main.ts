/**
 * `deno task crowd`: many clients ask at once for one object that is not held. Tells how much later
 * than the leader's first byte that of each follower comes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Signer } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { type Origin, startOrigin } from "@s3-edge-cache/sim";
import { CLIENT_CREDENTIALS } from "../_credentials.ts";
import { eventually } from "../_eventually.ts";
import { readFlags } from "../_flags.ts";
import { ORIGIN_CREDENTIALS } from "../e2e/_origin_process.ts";
import { type ProxyProcess, startProxyProcess } from "../e2e/_proxy_process.ts";

const FLAGS = {
  clients: { default: 200, least: 2, most: 2000, text: "clients at a time" },
  kibibytes: { default: 1024, least: 1, most: 8192, text: "size of the object in KiB" },
  workers: { default: 2, least: 1, most: 64, text: "workers of the proxy" },
  rounds: { default: 5, least: 1, most: 1000, text: "objects, one after another" },
} as const;

/** How much of the body comes before the origin waits. */
const FIRST_BYTES = 64 * 1024;

/** What one client saw. */
interface Sight {
  /** When the first byte of the answer came, in milliseconds. */
  readonly firstByte: number;
  readonly leader: boolean;
}

async function main(): Promise<void> {
  const flags = readFlags("Has many clients ask at once for an object that is not held.", FLAGS);
  await using origin = await startOrigin({ credentials: ORIGIN_CREDENTIALS });
  await using proxy = await startProxyProcess(origin.url, {
    ADMIN_ADDR: "127.0.0.1:0",
    WORKER_THREADS: String(flags.workers),
  });
  const size = flags.kibibytes * 1024;
  for (let round = 0; round < flags.rounds; round++) {
    const body = Uint8Array.from({ length: size }, (_, i) => (i * 7 + round) % 251);
    origin.put("bucket", `object-${round}`, body);
    const sights = await crowd(origin, proxy, `/bucket/object-${round}`, body, flags.clients);
    const leader = sights.find((sight) => sight.leader)!;
    const late = sights.filter((sight) => sight !== leader)
      .map(({ firstByte }) => firstByte - leader.firstByte).sort((a, b) => a - b);
    const at = (share: number) => late[Math.ceil(late.length * share) - 1]!.toFixed(1);
    console.log(
      `${flags.clients} clients, ${
        origin.countCalls({ key: `object-${round}` })
      } origin request, ` +
        `${size} bytes right for each; first byte after the leader's, in ms: ` +
        `first ${late[0]!.toFixed(1)}, median ${at(0.5)}, 99 % ${at(0.99)}, last ${at(1)}`,
    );
    assert.equal(origin.countCalls({ key: `object-${round}` }), 1);
  }
}

/**
 * All ask; the origin's answer is held until all of them wait for it, and again after its first
 * bytes until all of them have some: so the origin is the slower one, as it is in life.
 */
async function crowd(
  origin: Origin,
  proxy: ProxyProcess,
  target: string,
  body: Uint8Array,
  clients: number,
): Promise<Sight[]> {
  const { admin } = JSON.parse(await proxy.server.line(/"message":"listening"/));
  using held = origin.hold({ phase: "head" });
  using begun = origin.hold({ phase: "body", bytes: FIRST_BYTES });
  const firsts = Array.from({ length: clients }, () => Promise.withResolvers<void>());
  const { hostname, port, host } = new URL(proxy.url);
  const request = signedGet(host, target);
  const sights = firsts.map(async ({ resolve }) => {
    using conn = await Deno.connect({ hostname, port: Number(port) });
    await conn.write(request);
    return await read(conn, body, resolve);
  });
  await held.arrived;
  const waiting = async () => (await (await fetch(`${admin}/stats`)).json()).cache.leases;
  await eventually(async () => await waiting() >= clients - 1, "all wait");
  held.release();
  await Promise.race([Promise.all(firsts.map(({ promise }) => promise)), Promise.all(sights)]);
  begun.release();
  return await Promise.all(sights);
}

function signedGet(host: string, path: string): Uint8Array {
  const signer = new Signer({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    now: Date.now,
  });
  const headers: HeaderPair[] = [["host", host]];
  const payloadHash = "UNSIGNED-PAYLOAD";
  headers.push(...signer.sign({ method: "GET", path, query: "", headers, payloadHash }));
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return new TextEncoder().encode(`GET ${path} HTTP/1.1\r\n${fields}\r\n`);
}

async function read(conn: Deno.TcpConn, body: Uint8Array, begun: () => void): Promise<Sight> {
  const buffer = new Uint8Array(256 * 1024);
  const pieces: Uint8Array[] = [];
  let length = await conn.read(buffer) ?? assert.fail("cut before the first byte");
  const firstByte = performance.now();
  begun();
  let head: string | undefined;
  let received = 0;
  for (;;) {
    pieces.push(buffer.slice(0, length));
    received += length;
    head ??= headOf(Buffer.concat(pieces));
    if (head !== undefined && received >= head.length + body.length) break;
    length = await conn.read(buffer) ?? assert.fail(`cut after ${received} bytes`);
  }
  assert.ok(Buffer.concat(pieces).subarray(head.length).equals(body), "the body is another");
  return { firstByte, leader: /^x-cache: MISS/im.test(head) };
}

/** The head of an answer with its empty line, as soon as it is whole. */
function headOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  return end < 0 ? undefined : bytes.subarray(0, end + 4).toString("latin1");
}

await main();
