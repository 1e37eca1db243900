/**
 * One worker of a stress run: several clients on one cache.
 *
 * @module
 */
import { SharedCache } from "../shared_cache.ts";
import { stringCodec } from "./cache_probe.ts";
import { StressClient, type StressReport, type StressTask } from "./stress.ts";

const CLIENTS = 6;

/** What the dedicated worker's global scope offers. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<StressTask>) => void) | null;
  postMessage(message: StressReport): void;
}

const scope = globalThis as unknown as WorkerScope;

async function run(task: StressTask): Promise<StressReport> {
  const cache = new SharedCache(task.memory, task.worker, stringCodec);
  const clients = Array.from(
    { length: CLIENTS },
    (_, i) => new StressClient(cache, { ...task, seed: task.seed * CLIENTS + i + 1 }),
  );
  let fault: string | undefined;
  let left = task.requests;
  const work = async (client: StressClient): Promise<void> => {
    while (left-- > 0 && fault === undefined) await client.request();
    if (!task.dies) client.finish();
  };
  try {
    await Promise.all(clients.map(work));
    if (task.dies) await clients[0]!.leaveUndone();
  } catch (error) {
    fault = String(error);
  }
  const outcomes: Record<string, number> = {};
  for (const client of clients) {
    for (const [outcome, count] of Object.entries(client.outcomes)) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    }
  }
  return { outcomes, fault };
}

scope.onmessage = ({ data }) => void run(data).then((report) => scope.postMessage(report));
