/**
 * The proxy as a process of its own whose workers are watched. It takes orders from stdin and
 * answers each with a line on stdout, as JSON.
 *
 * @module
 */
import { readConfig, startProxy } from "@s3-edge-cache/proxy";
import type { Pauses } from "./pause_probe.ts";
import type { CacheStats } from "./watched_process.ts";
import { type Death, WATCHED_WORKER, WorkerWatch } from "./worker_watch.ts";

if (import.meta.main) {
  const config = readConfig((name) => Deno.env.get(name));
  const proxy = await startProxy(config, { worker: WATCHED_WORKER });
  using watch = new WorkerWatch();
  const answer = (value: unknown) => console.log(JSON.stringify(value));
  answer({ url: proxy.url });
  for await (const line of lines()) {
    const [order, number, death] = line.split(" ");
    if (order === "kill") answer(await watch.kill(Number(number), death as Death) ?? null);
    if (order === "pause") answer(await longestPauses(watch, config.WORKER_THREADS));
    if (order === "stats") answer(proxy.stats() satisfies CacheStats | undefined);
    if (order === "files") answer([...Deno.readDirSync("/proc/self/fd")].length);
  }
  await proxy.drain();
}

/** The longest pauses of any worker. */
async function longestPauses(watch: WorkerWatch, workers: number): Promise<Pauses> {
  let longest: Pauses = { standing: 0, working: 0 };
  for (let number = 0; number < workers; number++) {
    const { standing, working } = await watch.pauses(number);
    longest = {
      standing: Math.max(longest.standing, standing),
      working: Math.max(longest.working, working),
    };
  }
  return longest;
}

async function* lines(): AsyncGenerator<string> {
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
