/**
 * s3-edge-cache as a library: build the pipeline and mount it in a server of your own.
 *
 * @module
 */
export * from "@s3-edge-cache/auth";
export * from "@s3-edge-cache/cache";
export * from "@s3-edge-cache/proxy";
export * from "@s3-edge-cache/s3";
export * from "@s3-edge-cache/telemetry";
export * from "@s3-edge-cache/upstream";
