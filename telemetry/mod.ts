/**
 * What the proxy tells its operator.
 *
 * @module
 */
export * from "./log.ts";
