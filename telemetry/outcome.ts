/**
 * How the cache took part in an answer, by name.
 *
 * @module
 */

/**
 * The outcomes, each with what it counts as. `compared` is a hit of dry-run: the entry was found,
 * the origin answered. What counts as neither had nothing to find.
 */
export const OUTCOME_COUNTS = {
  hit: "hit",
  stale: "hit",
  revalidated: "hit",
  compared: "hit",
  miss: "miss",
  follow: "miss",
  bypass: "neither",
} as const;

/** The name of an outcome. */
export type OutcomeName = keyof typeof OUTCOME_COUNTS;

/** Every outcome. Its place here is its place in the memory of a tally. */
export const OUTCOMES: readonly OutcomeName[] = Object.keys(OUTCOME_COUNTS) as OutcomeName[];

/** Outcomes whose bodies did not come from the origin: each saved its bytes. */
export const SAVES_BYTES: ReadonlySet<OutcomeName> = new Set([
  "hit",
  "stale",
  "revalidated",
  "follow",
]);

/** Outcomes for which the origin was not asked: each saved a request. */
export const SAVES_REQUEST: ReadonlySet<OutcomeName> = new Set(["hit", "stale", "follow"]);
