/**
 * How a proxy in a process of its own is: memory, sockets, and what its cache holds.
 *
 * @module
 */
import { type ServerProcess, succeed } from "../e2e/_process.ts";

/** One look at a proxy. */
export interface Vitals {
  /** Resident memory in MiB. */
  readonly resident: number;
  /** Open sockets, those that listen among them. */
  readonly sockets: number;
  /** Leases, fills and writes of the cache that have not ended. */
  readonly held: number;
  readonly entries: number;
  /** Bytes in the cache, in MiB. */
  readonly cached: number;
  readonly hits: number;
  readonly misses: number;
}

const OPTIONS = { env: { PATH: Deno.env.get("PATH") ?? "" } };

/**
 * Looks at a proxy.
 *
 * @param server Its process.
 * @param adminUrl Where its figures are.
 */
export async function readVitals({ pid }: ServerProcess, adminUrl: string): Promise<Vitals> {
  // Its connection is one of the sockets, each time.
  const { cache, hits, misses } = await (await fetch(`${adminUrl}/stats`)).json();
  const status = await succeed("cat", [`/proc/${pid}/status`], OPTIONS);
  const listed = await succeed("ls", ["-l", `/proc/${pid}/fd`], OPTIONS);
  return {
    resident: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024),
    sockets: listed.split("\n").filter((line) => line.includes("socket:")).length,
    held: cache.leases + cache.fills + cache.writes,
    entries: cache.entries,
    cached: Math.round(cache.bytes / 1024 / 1024),
    hits,
    misses,
  };
}
