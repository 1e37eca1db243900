/**
 * Signature Version 4, both directions: what clients sent is verified, what goes to the origin
 * is signed.
 *
 * @module
 */
export { formatAmzDate, parseAmzDate } from "./amz_date.ts";
export {
  type Checksum,
  type ChecksumAlgorithm,
  checksumAlgorithm,
  createChecksum,
} from "./checksum.ts";
export type { ChunkSeed } from "./chunk_signatures.ts";
export * from "./credentials.ts";
export * from "./outgoing_body.ts";
export * from "./payload.ts";
export type { PolicyCondition, PolicyDocument } from "./policy_document.ts";
export * from "./post_policy.ts";
export { isPresigned } from "./presigned.ts";
export * from "./sign.ts";
export { EMPTY_SHA256, SigningKey, SigningKeys } from "./signature.ts";
export * from "./trailer_body.ts";
export * from "./verified_body.ts";
export * from "./verify.ts";
