import { Arena, ARENA_STATE_WORDS, formatArena } from "./arena.ts";
import { seededRandom } from "./testing/random.ts";

const BUDGET = 256 * 1_048_576;
const TURNS = 4_096;

/** An arena that is full of what `nextSize` gives, and its chains. */
function fullArena(nextSize: () => number): { arena: Arena; chains: number[] } {
  const segments = [new SharedArrayBuffer(BUDGET)];
  const state = new Int32Array(ARENA_STATE_WORDS);
  formatArena(segments, state);
  const arena = new Arena(segments, state);
  const chains: number[] = [];
  for (let chain = arena.allocate(nextSize(), 0); chain !== -1;) {
    chains.push(chain);
    chain = arena.allocate(nextSize(), 0);
  }
  return { arena, chains };
}

const random = seededRandom(1);
const mixed = Array.from({ length: TURNS }, () => Math.floor(200 * Math.exp(random() * 8.6)));
const picks = Array.from({ length: TURNS }, () => random());

for (
  const [name, sizes] of [["1 KiB", [1_024]], ["1 MiB", [1_048_576]], ["mixed", mixed]] as const
) {
  let turn = 0;
  const nextSize = () => sizes[turn++ % sizes.length]!;
  const { arena, chains } = fullArena(nextSize);
  Deno.bench(`evict any, as many as needed, and allocate: ${name}`, () => {
    const bytes = nextSize();
    let chain = arena.allocate(bytes, 0);
    for (; chain === -1; chain = arena.allocate(bytes, 0)) {
      const pick = Math.floor(picks[turn++ % TURNS]! * chains.length);
      arena.free(chains[pick]!);
      chains[pick] = chains.at(-1)!;
      chains.pop();
    }
    chains.push(chain);
  });
}

const { arena } = fullArena(() => 1_048_576);
Deno.bench("allocate in vain", () => {
  if (arena.allocate(2_097_152, 0) !== -1) throw new Error("there was room");
});

const { arena: roomy, chains: [chain] } = fullArena(() => 2_097_152);
roomy.free(chain!);
Deno.bench("allocate 100 bytes, extend by 64 KiB, truncate, free", () => {
  const made = roomy.allocate(100, 0);
  roomy.extend(made, 65_536);
  roomy.truncate(made, 40_000);
  roomy.free(made);
});
