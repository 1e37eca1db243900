/**
 * Enters a monitor again and again, and counts inside by plain reads and writes.
 *
 * @module
 */
import { Monitor } from "../monitor.ts";

/** What a worker counts. */
export interface MonitorTask {
  /** Words of the monitor. */
  readonly shared: Int32Array<SharedArrayBuffer>;
  /** One word. */
  readonly counter: Int32Array<SharedArrayBuffer>;
  /** Number of the door. */
  readonly number: number;
  /** How often it enters. */
  readonly entries: number;
}

/** What the dedicated worker's global scope offers. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<MonitorTask>) => void) | null;
  postMessage(message: string): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { shared, counter, number, entries } }) => {
  const door = new Monitor(shared, number);
  for (let i = 0; i < entries; i++) door.run(() => counter[0]! += 1, 0);
  scope.postMessage("done");
};
