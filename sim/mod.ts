/**
 * The simulator's parts: a strict in-memory S3 to test against, workloads, and the simulation of
 * caches in virtual time.
 *
 * @module
 */
export type { Credentials } from "@s3-edge-cache/auth";
export type { HeaderPair } from "@s3-edge-cache/s3";
export type { Answer, AnswerHeader } from "./origin/answer.ts";
export type { Bucket } from "./origin/bucket.ts";
export type { Call, CallFilter } from "./origin/calls.ts";
export type { Fault } from "./origin/fault.ts";
export type { Held, HoldFilter, HoldPhase } from "./origin/hold.ts";
export type { Delivery, WireRequest } from "./origin/http_connection.ts";
export type { OriginOptions } from "./origin/options.ts";
export { type Origin, startOrigin } from "./origin/origin.ts";
export { type BodyLength, parseRequestHead, type WireHead } from "./origin/request_head.ts";
export type {
  Checksum,
  ChecksumAlgorithm,
  DeleteMarker,
  Encryption,
  ObjectPart,
  Retention,
  StoredObject,
  Version,
} from "./origin/stored_object.ts";
export type { ObjectTemplate, Upload, UploadedPart } from "./origin/upload.ts";
export { NoStore } from "./engine/no_store.ts";
export { OriginModel, type OriginTiming } from "./engine/origin_model.ts";
export { ProductStore } from "./engine/product_store.ts";
export { Simulation } from "./engine/simulation.ts";
export type { Reading, Store, StoreStats } from "./engine/store.ts";
export { Tally } from "./engine/tally.ts";
export { Histogram, type Percentile } from "./engine/histogram.ts";
export { type WeighedLimits, WeighedStore } from "./engine/weighed_store.ts";
export type { Clairvoyant } from "./policies/clairvoyant.ts";
export {
  makePolicy,
  POLICY_NAMES,
  type PolicyBounds,
  type PolicyName,
} from "./policies/policies.ts";
export { Random } from "./workload/random.ts";
export type { RequestSource, SimOperation, SimRequest } from "./workload/sim_request.ts";
export { simRequest } from "./workload/sim_request.ts";
export { workload, type WorkloadOptions } from "./workload/workload.ts";
export { Zipf } from "./workload/zipf.ts";
export { openTrace } from "./trace/trace.ts";
export type { TraceFormat } from "./flags/flags.ts";
