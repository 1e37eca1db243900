/**
 * How an origin is started.
 *
 * @module
 */
import type { Credentials } from "@s3-edge-cache/auth";

/** The choices of an origin; each has a default. */
export interface OriginOptions {
  /** The access key that it takes. */
  readonly credentials?: Credentials;
  /** Its region. Default `us-east-1`. */
  readonly region?: string;
  /** Buckets that are there from the start. Default: one named `bucket`. */
  readonly buckets?: readonly string[];
  /** Domain below which host names address buckets; empty for path-style only. */
  readonly virtualHostDomain?: string;
  /** What a bare `+` in a path stands for: to Amazon it is a space. Default `space`. */
  readonly plusInPath?: "space" | "plus";
  /** The least size of any part but the last, in bytes. Default 5 MiB. */
  readonly minimumPartSize?: number;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** What version, upload and request ids are derived from. Default `origin`. */
  readonly seed?: string;
}

/** The choices with every default filled in. */
export function completeOptions(options: OriginOptions): Required<OriginOptions> {
  return {
    credentials: {
      accessKeyId: "AKIAORIGINEXAMPLE001",
      secretAccessKey: "origin/secret+key/EXAMPLE0123456789abcde",
    },
    region: "us-east-1",
    buckets: ["bucket"],
    virtualHostDomain: "",
    plusInPath: "space",
    minimumPartSize: 5 * 1024 * 1024,
    now: Date.now,
    seed: "origin",
    ...options,
  };
}
