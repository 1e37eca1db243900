/**
 * Telling the client how the cache took part: `age`, `x-cache`, and RFC 9211's `cache-status`.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Outcome } from "./request.ts";

const MISS: readonly HeaderPair[] = [
  ["x-cache", "MISS"],
  ["cache-status", "s3-edge-cache; fwd=uri-miss"],
];
const STORED: readonly HeaderPair[] = [
  ["x-cache", "MISS"],
  ["cache-status", "s3-edge-cache; fwd=uri-miss; stored"],
];
const FOLLOW: readonly HeaderPair[] = [
  ["x-cache", "FOLLOW"],
  ["cache-status", "s3-edge-cache; fwd=uri-miss; collapsed"],
];
const BYPASS: readonly HeaderPair[] = [
  ["x-cache", "BYPASS"],
  ["cache-status", "s3-edge-cache; fwd=bypass"],
];

/** The fields that tell an outcome. */
export function cacheStatusFields(outcome: Outcome): readonly HeaderPair[] {
  switch (outcome.kind) {
    case "hit":
      return [
        ["age", String(outcome.ageSeconds)],
        ["x-cache", "HIT"],
        ["cache-status", `s3-edge-cache; hit; ttl=${outcome.ttlSeconds}`],
      ];
    case "miss":
      return outcome.stored ? STORED : MISS;
    case "follow":
      return FOLLOW;
    case "bypass":
      return BYPASS;
  }
}
