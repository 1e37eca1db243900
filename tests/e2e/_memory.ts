/**
 * How much memory a process takes, as Linux counts it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { succeed } from "./_process.ts";

/** Resident memory in MiB. */
export interface Memory {
  /** Now. */
  readonly resident: number;
  /** The most since the start, or since it was last forgotten. */
  readonly peak: number;
}

const OPTIONS = { env: { PATH: Deno.env.get("PATH") ?? "" } };

/** What a process takes. (Deno itself reads no file of /proc without every permission.) */
export async function readMemory(pid: number): Promise<Memory> {
  const status = await succeed("cat", [`/proc/${pid}/status`], OPTIONS);
  const mebibytes = (field: string) => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    assert.ok(kibibytes !== undefined, `no ${field} in /proc/${pid}/status`);
    return Number(kibibytes) / 1024;
  };
  return { resident: mebibytes("VmRSS"), peak: mebibytes("VmHWM") };
}

/** Has the kernel forget a process's peak. */
export async function forgetPeak(pid: number): Promise<void> {
  await succeed("sh", ["-c", `echo 5 > /proc/${pid}/clear_refs`], OPTIONS);
}
