/**
 * The simulator's parts: a strict in-memory S3 to test against.
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
