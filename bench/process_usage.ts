/**
 * What a process and those that it started have used, from the counters of the kernel.
 *
 * @module
 */

/** Length of a tick of the processor counters, in microseconds: USER_HZ is 100 on Linux. */
const TICK_MICROSECONDS = 10_000;

/** What a process has used, those that it started and that still run included. */
export interface Usage {
  /** Processor time since its start, user and system, in microseconds; in steps of 10,000. */
  readonly cpuMicroseconds: number;
  /** Memory that is resident now, in bytes. Pages that processes share count for each. */
  readonly residentBytes: number;
  /** The most that was resident at a time, in bytes; summed over the processes. */
  readonly peakBytes: number;
}

/** A line of `/proc/PID/stat`, as far as it is used. */
export interface ProcessStat {
  /** Who started it. */
  readonly parent: number;
  /** Processor time, user and system, in ticks. */
  readonly ticks: number;
}

/**
 * Reads a line of `/proc/PID/stat`.
 *
 * @throws {SyntaxError} if it is none.
 */
export function parseStat(text: string): ProcessStat {
  // The name of the program, in parentheses, may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (![parent, user, system].every(Number.isInteger)) {
    throw new SyntaxError(`no line of /proc/PID/stat: ${JSON.stringify(text)}`);
  }
  return { parent: parent!, ticks: user! + system! };
}

/**
 * Reads a figure of `/proc/PID/status`.
 *
 * @param text The file.
 * @param name Such as `VmRSS`.
 * @returns The figure in bytes; 0 if it is not there, as for a process at its end.
 */
export function parseStatus(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1024;
}

/**
 * What a process has used so far, and its descendants.
 *
 * @throws {Deno.errors.NotFound} if there is no such process.
 */
export async function usageOf(pid: number): Promise<Usage> {
  const stats = await allStats();
  if (!stats.has(pid)) throw new Deno.errors.NotFound(`no process ${pid}`);
  const sum = { cpuMicroseconds: 0, residentBytes: 0, peakBytes: 0 };
  for (const member of descendants(pid, stats)) {
    const status = await readProc(member, "status") ?? "";
    sum.cpuMicroseconds += stats.get(member)!.ticks * TICK_MICROSECONDS;
    sum.residentBytes += parseStatus(status, "VmRSS");
    sum.peakBytes += parseStatus(status, "VmHWM");
  }
  return sum;
}

/** Ends all that descend from a process. */
export async function endDescendants(pid: number): Promise<void> {
  for (const child of descendants(pid, await allStats()).slice(1)) {
    try {
      Deno.kill(child, "SIGTERM");
    } catch {
      // It has ended.
    }
  }
}

/** A process and all that descend from it. */
function descendants(pid: number, stats: ReadonlyMap<number, ProcessStat>): number[] {
  const found = [pid];
  for (const member of found) {
    for (const [child, { parent }] of stats) if (parent === member) found.push(child);
  }
  return found;
}

async function allStats(): Promise<Map<number, ProcessStat>> {
  const stats = new Map<number, ProcessStat>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readProc(Number(name), "stat");
    if (text !== undefined) stats.set(Number(name), parseStat(text));
  }
  return stats;
}

/** A file of a process; `undefined` if the process has ended. */
async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(`/proc/${pid}/${file}`);
  } catch {
    return undefined;
  }
}
