import assert from "node:assert/strict";
import { Arena, ARENA_STATE_WORDS, formatArena } from "./arena.ts";
import { seededRandom } from "./testing/random.ts";

const MIB = 1_048_576;
const BUDGET = 64 * MIB;
const CHURN = 1_024 * MIB;

interface Chain {
  readonly address: number;
  readonly bytes: number;
}

interface Churn {
  /** Payload held at the least, once the arena was full, as a share of the budget. */
  least: number;
  /** Large bodies allocated while it was full. */
  large: number;
  /** Their extents. */
  extents: number;
  /** Extents of the one that had most. */
  most: number;
}

function extentsOf(arena: Arena, address: number): number {
  let extents = 0;
  for (let at = address; at !== -1; at = arena.extents.next(at)) extents += 1;
  return extents;
}

/** Allocates until all of the budget has been used many times; evicts one by one as needed. */
function churn(nextSize: () => number, evict: (chains: Chain[]) => Chain): Churn {
  const segments = [0, 1].map(() => new SharedArrayBuffer(BUDGET / 2));
  const state = new Int32Array(ARENA_STATE_WORDS);
  formatArena(segments, state);
  const arena = new Arena(segments, state);
  const chains: Chain[] = [];
  const churn: Churn = { least: 1, large: 0, extents: 0, most: 0 };
  let held = 0;
  for (let total = 0; total < CHURN;) {
    const bytes = nextSize();
    let address = arena.allocate(bytes, 0);
    for (; address === -1; address = arena.allocate(bytes, 0)) {
      const victim = evict(chains);
      held -= victim.bytes;
      arena.free(victim.address);
    }
    chains.push({ address, bytes });
    held += bytes;
    total += bytes;
    if (total < 2 * BUDGET) continue;
    churn.least = Math.min(churn.least, held / BUDGET);
    if (bytes < MIB) continue;
    const extents = extentsOf(arena, address);
    churn.large += 1;
    churn.extents += extents;
    churn.most = Math.max(churn.most, extents);
  }
  arena.audit(() => {});
  return churn;
}

function evictOldest(chains: Chain[]): Chain {
  return chains.shift()!;
}

Deno.test("Arena is full of payload while sizes take turns and the oldest goes first", () => {
  let turn = 0;
  const { least, large, extents, most } = churn(
    () => [MIB, 16_384, 1_024][turn++ % 3]!,
    evictOldest,
  );
  assert(least > 0.98, `payload is ${least} of the budget`);
  assert(extents <= large * 1.1 && most <= 4, `${extents} extents, at most ${most} a body`);
});

Deno.test("Arena is full of payload while sizes are mixed and the oldest goes first", () => {
  const random = seededRandom(1);
  const { least, large, extents, most } = churn(() => {
    const kind = random();
    return kind < 0.1 ? MIB : kind < 0.4 ? 16_384 : 1_024;
  }, evictOldest);
  assert(least > 0.97, `payload is ${least} of the budget`);
  assert(extents <= large * 1.2 && most <= 8, `${extents} extents, at most ${most} a body`);
});

Deno.test("Arena is full of payload while sizes are any and anything may go", () => {
  const random = seededRandom(1);
  const { least, most } = churn(() => Math.floor(200 * Math.exp(random() * 8.6)), (chains) => {
    const pick = Math.floor(random() * chains.length);
    const chain = chains[pick]!;
    chains[pick] = chains.at(-1)!;
    chains.pop();
    return chain;
  });
  assert(least > 0.95, `payload is ${least} of the budget`);
  assert(most <= 40, `at most ${most} extents a body`);
});
