/**
 * A store's use of a policy, as data that can be posted.
 *
 * @module
 */
import type { Policy } from "../policy.ts";

/** One call; `pick` chooses among the slots held. */
export interface PolicyStep {
  /** Which call. `replace` is an insertion before which is evicted until it fits. */
  readonly do: "replace" | "access" | "remove" | "evict";
  /** The key, of which hashes are made. */
  readonly key: number;
  /** Bytes that an insertion is charged with. */
  readonly weight: number;
  /** Which of the slots held is used or removed. */
  readonly pick: number;
}

/** What the store lets the policy hold. */
export interface StepBounds {
  readonly bytes: number;
  readonly entries: number;
}

/**
 * Makes the calls of a step, as a store that holds both bounds would.
 *
 * @param held The slots held, changed as the policy is.
 * @returns The slots evicted.
 */
export function takeStep(
  policy: Policy,
  step: PolicyStep,
  held: number[],
  bounds: StepBounds,
): number[] {
  const high = Math.imul(step.key, 0x9e3779b1) >>> 0;
  const low = step.key % 7;
  const victims: number[] = [];
  const evict = (): void => {
    const victim = policy.evict(high, low);
    victims.push(victim);
    if (victim >= 0) held.splice(held.indexOf(victim), 1);
  };
  if (step.do === "evict") evict();
  else if (step.do === "replace") {
    while (
      held.length > 0 &&
      (policy.weight + step.weight > bounds.bytes || policy.entries >= bounds.entries)
    ) evict();
    let slot = 0;
    while (held.includes(slot)) slot += 1;
    held.push(slot);
    policy.insert(slot, step.weight, high, low);
  } else if (held.length > 0) {
    const slot = held[step.pick % held.length]!;
    policy[step.do](slot);
    if (step.do === "remove") held.splice(held.indexOf(slot), 1);
  }
  return victims;
}
