/**
 * An origin that is not well: now and then it harms a request, hangs up, or is away for a moment.
 *
 * @module
 */
import type { Fault, Origin } from "@s3-edge-cache/sim";

const FAULTS: readonly Fault[] = [
  { kind: "hang_up" },
  { kind: "lose_answer" },
  { kind: "silence" },
  { kind: "cut", bytes: 0 },
  { kind: "cut", bytes: 40_000 },
  { kind: "stall", bytes: 10 },
  { kind: "overlong", extra: new Uint8Array(100).fill(120) },
  { kind: "raw", bytes: new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Le") },
  { kind: "error", status: 500, code: "InternalError" },
  { kind: "error", status: 503, code: "SlowDown" },
  { kind: "slow", headMilliseconds: 300, pieceBytes: 20_000, pieceMilliseconds: 20 },
];

/** How often the origin hangs up on everybody, and how often it is away, in milliseconds. */
const RESTART_MS = 45_000;
const OUTAGE_MS = 180_000;

/**
 * Harms an origin until it is told to stop.
 *
 * @param origin The origin.
 * @param everyMs Between two harms, on average.
 * @param random Chooses.
 * @param stop Ends the harm.
 * @returns How many requests were to be harmed.
 */
export async function harm(
  origin: Origin,
  everyMs: number,
  random: () => number,
  stop: AbortSignal,
): Promise<number> {
  let ordered = 0;
  let restart = RESTART_MS;
  let outage = OUTAGE_MS;
  const begun = performance.now();
  while (!stop.aborted) {
    await pause(everyMs * 2 * random());
    const fault = FAULTS[Math.floor(random() * FAULTS.length)]!;
    origin.fault({ method: random() < 0.75 ? "GET" : "PUT" }, fault);
    ordered++;
    const passed = performance.now() - begun;
    if (passed > restart) {
      restart += RESTART_MS;
      origin.hangUp();
    }
    if (passed > outage) {
      outage += OUTAGE_MS;
      await origin.stop();
      await pause(500);
      origin.resume();
    }
  }
  return ordered;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
