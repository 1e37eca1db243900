/**
 * What the proxy tells its operator.
 *
 * @module
 */
export { hashKey, hashNumber, type KeyHash } from "./key_hash.ts";
export * from "./log.ts";
export * from "./unique.ts";
