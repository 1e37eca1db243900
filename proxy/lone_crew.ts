/**
 * A crew of one, in the isolate of its supervisor.
 *
 * @module
 */
import { CacheKeeper } from "@s3-edge-cache/cache";
import { configuredMemory } from "./cache_memory.ts";
import type { Crew, CrewParts } from "./crew.ts";
import { startRequestWorker } from "./request_worker.ts";

/**
 * Starts one worker in this isolate.
 *
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.listen`.
 */
export function startAlone({ config, tallies, output, handOver }: CrewParts): Crew {
  const memory = configuredMemory(config);
  const keeper = memory && new CacheKeeper(memory);
  keeper?.open();
  const address = config.LISTEN_ADDR;
  const options = { config, number: 0, memory, tallies, output, address, shared: false };
  const worker = startRequestWorker(options, handOver);
  return {
    address: worker.address,
    broken: new Promise(() => {}),
    cache: worker.cache,
    stats: () => worker.cache?.stats(),
    entriesOf: (object) => keeper?.entriesOf(object) ?? [],
    recollect: (question) => Promise.resolve([worker.recollect(question)]),
    drain: () => worker.drain(),
  };
}
