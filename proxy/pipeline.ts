/**
 * The way of a request, as a list: what each stage does is in the file of its name.
 *
 * The stages are composed once, at start; a request pays one call each. A mode is another list
 * and never an `if` in a stage.
 *
 * @module
 */
import type { Cache } from "@s3-edge-cache/cache";
import type { Log } from "@s3-edge-cache/telemetry";
import type { UpstreamClient } from "@s3-edge-cache/upstream";
import { answerErrors } from "./answer_errors.ts";
import { authenticate, type AuthenticationOptions } from "./authenticate.ts";
import { compareCached } from "./compare_cached.ts";
import type { ComparisonObserver } from "./comparison.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { PolicySigner } from "./form_upload.ts";
import { forward } from "./forward.ts";
import { invalidateWrites } from "./invalidate.ts";
import { hideOwnRefusals } from "./own_refusal.ts";
import { recordRequests, type RequestObserver } from "./record.ts";
import type { ReadRules } from "./read_rules.ts";
import type { Handler, RawRequest, RoutedRequest } from "./request.ts";
import { routeRequests } from "./route_operation.ts";
import { serveCached } from "./serve_cached.ts";
import { verifyHits } from "./verify_hits.ts";

/** What a pipeline is made of. */
export interface PipelineParts extends AuthenticationOptions {
  /** The cache; `undefined` forwards everything. */
  readonly cache: Cache<EntryRecord> | undefined;
  /** The origin. */
  readonly upstream: UpstreamClient;
  /** Takes events. */
  readonly log: Log;
  /** Hears of each request at its end; `undefined` for nobody. */
  readonly observe: RequestObserver | undefined;
  /** How entries are held against the origin; `undefined` for not at all. */
  readonly verification: Verification | undefined;
  /** How far the cache goes for a read. */
  readonly reads: ReadRules;
  /** How long what a write concerns stays uncached after its answer was lost, in milliseconds. */
  readonly lostWriteGraceMs: number;
}

/** How entries are held against the origin. */
export interface Verification {
  /** `dry-run` compares every read and serves none; else the share of hits that is checked. */
  readonly extent: "dry-run" | number;
  /** Hears what came of each comparison. */
  readonly onCompared: ComparisonObserver;
}

/** A stage over routed requests: answers, or asks the next. */
type Stage = (next: Handler<RoutedRequest>) => Handler<RoutedRequest>;

/**
 * Composes the pipeline.
 *
 * @param parts What it is made of.
 * @returns Answers every request; never throws.
 */
export function createPipeline(parts: PipelineParts): Handler<RawRequest> {
  const { cache, upstream } = parts;
  const forwarded = hideOwnRefusals(forward(upstream));
  const stages: Stage[] = cache === undefined ? [] : [
    (next) => invalidateWrites(cache, parts.lostWriteGraceMs, next),
    ...readStages(cache, parts, forwarded),
  ];
  const routed = stages.reduceRight((next, stage) => stage(next), forwarded);
  const signPolicy: PolicySigner = (policy) => upstream.signPolicy(policy);
  const answered = answerErrors(
    parts.log,
    authenticate(parts, signPolicy, routeRequests(routed)),
  );
  return parts.observe === undefined ? answered : recordRequests(parts.observe, answered);
}

/** The stages that answer reads. */
function readStages(
  cache: Cache<EntryRecord>,
  { now, log, reads: rules, verification }: PipelineParts,
  forwarded: Handler<RoutedRequest>,
): Stage[] {
  const serve: Stage = (next) => serveCached({ cache, now, rules, log }, next);
  if (verification === undefined) return [serve];
  const { extent: sample, onCompared } = verification;
  if (sample === "dry-run") return [(next) => compareCached({ cache, now, onCompared }, next)];
  const verify = { cache, now, sample, random: Math.random, forwarded, onCompared };
  return [(next) => verifyHits(verify, next), serve];
}
