/**
 * Requests that tell the future.
 *
 * @module
 */
import { KeyTable } from "../engine/key_table.ts";
import { UsageError } from "../flags/command_line.ts";
import type { RequestSource, SimRequest } from "./sim_request.ts";

/** Requests whose next uses are remembered at most: 512 MiB of them. */
const MOST_REQUESTS = 2 ** 27;

/** Next uses that are remembered together. */
const CHUNK = 2 ** 20;

/** What stands for no next use. */
const NEVER = -1;

/**
 * The same requests, each with the number of the next one of its object. A pass over all of them
 * comes first, which remembers 4 bytes a request, unless they tell already.
 *
 * @throws {UsageError} if there are more requests than can be remembered.
 */
export async function foresee(source: RequestSource): Promise<RequestSource> {
  if (source.foreseen) return source;
  const nextUses = await nextUsesOf(source);
  return {
    ...source,
    foreseen: true,
    async *batches(): AsyncGenerator<readonly SimRequest[]> {
      let number = 0;
      for await (const batch of source.batches()) {
        yield batch.map((request) => {
          const next = nextUses[Math.floor(number / CHUNK)]![number % CHUNK]!;
          number += 1;
          return { ...request, nextUse: next === NEVER ? Infinity : next };
        });
      }
    },
  };
}

/** The number of each request's next one, in chunks. */
async function nextUsesOf(source: RequestSource): Promise<Int32Array[]> {
  const chunks: Int32Array[] = [];
  const last = new KeyTable();
  let number = 0;
  for await (const batch of source.batches()) {
    for (const { high, low } of batch) {
      if (number === MOST_REQUESTS) {
        throw new UsageError([
          `--policies: "belady" needs all requests beforehand; allowed: at most ${MOST_REQUESTS} ` +
          "requests, which --num-requests can see to",
        ]);
      }
      if (number % CHUNK === 0) chunks.push(new Int32Array(CHUNK).fill(NEVER));
      const former = last.get(high, low) - 1;
      if (former >= 0) chunks[Math.floor(former / CHUNK)]![former % CHUNK] = number;
      last.set(high, low, ++number);
    }
  }
  return chunks;
}
