/**
 * Telling the client how the cache took part: `age`, `x-cache`, and RFC 9211's `cache-status`.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Outcome } from "./request.ts";

const FOLLOW: readonly HeaderPair[] = [
  ["x-cache", "FOLLOW"],
  ["cache-status", "s3-edge-cache; fwd=uri-miss; collapsed"],
];
const COMPARED: readonly HeaderPair[] = [
  ["x-cache", "BYPASS"],
  ["cache-status", "s3-edge-cache; fwd=bypass; detail=compared"],
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
    case "stale":
      return [
        ["age", String(outcome.ageSeconds)],
        ["x-cache", "STALE"],
        ["cache-status", `s3-edge-cache; hit; ttl=${outcome.ttlSeconds}`],
      ];
    case "revalidated":
      return [
        ["age", "0"],
        ["x-cache", "REVALIDATED"],
        [
          "cache-status",
          `s3-edge-cache; fwd=${outcome.why}; fwd-status=304; ttl=${outcome.ttlSeconds}`,
        ],
      ];
    case "miss":
      return [
        ["x-cache", "MISS"],
        ["cache-status", `s3-edge-cache; fwd=${outcome.why}${outcome.stored ? "; stored" : ""}`],
      ];
    case "follow":
      return FOLLOW;
    case "compared":
      return COMPARED;
    case "bypass":
      return BYPASS;
  }
}
