/**
 * Recomputes what an arena keeps.
 *
 * @module
 */
import type { FreeLists } from "./arena_free_lists.ts";
import { auditEqual, auditThat } from "./audit.ts";
import { type Blocks, firstOf, NO_BLOCK } from "./block.ts";

/** What a walk over the blocks found. */
interface Found {
  readonly free: Set<number>;
  readonly first: number[];
  /** Allocated blocks that no chain has been seen to link yet, and are not the first of one. */
  readonly linked: Set<number>;
  used: number;
}

function auditSegment(blocks: Blocks, segment: number, found: Found): void {
  const end = firstOf(segment) + blocks.unitsIn(segment);
  let previous = NO_BLOCK;
  let previousFree = false;
  for (let block = firstOf(segment); block !== NO_BLOCK;) {
    const units = blocks.size(block);
    const free = blocks.freeUnits(block) > 0;
    auditThat(units > 0 && block + units <= end, `block ${block} has ${units} units`);
    auditEqual(blocks.previous(block), previous, `the block before ${block}`);
    auditThat(!(free && previousFree), `blocks ${previous} and ${block} are both free`);
    if (free) found.free.add(block);
    else {
      found.used += units;
      if (blocks.isFirst(block)) found.first.push(block);
      else found.linked.add(block);
    }
    previous = block;
    previousFree = free;
    block = blocks.following(block, units);
  }
}

function auditChain(blocks: Blocks, address: number, linked: Set<number>): number {
  const owner = blocks.owner(address);
  let extents = 1;
  for (let block = blocks.nextExtent(address); block !== NO_BLOCK;) {
    auditThat(linked.delete(block), `block ${block} is in chain ${address} only, and once`);
    auditEqual(blocks.owner(block), owner, `the owner of block ${block}`);
    extents += 1;
    block = blocks.nextExtent(block);
  }
  return extents;
}

/**
 * Walks the segments physically, then every chain and every free list.
 *
 * @param blocks All blocks.
 * @param lists Lists of the free ones.
 * @param used Units that are kept as allocated.
 * @param visit Called for every chain with its address, owner and extents.
 * @throws {Error} naming the first thing that is not as it should be.
 */
export function auditArena(
  blocks: Blocks,
  lists: FreeLists,
  used: number,
  visit: (address: number, owner: number, extents: number) => void,
): void {
  const found: Found = { free: new Set(), first: [], linked: new Set(), used: 0 };
  for (let segment = 0; segment < blocks.segments; segment++) auditSegment(blocks, segment, found);
  auditEqual(used, found.used, "the number of used units");
  for (const address of found.first) {
    visit(address, blocks.owner(address), auditChain(blocks, address, found.linked));
  }
  auditEqual(0, found.linked.size, "the number of extents in no chain");
  lists.audit((block) => auditThat(found.free.delete(block), `block ${block} is listed once`));
  auditEqual(0, found.free.size, "the number of free blocks in no list");
}
