/**
 * The key of the tests' clients.
 *
 * @module
 */
import type { Credentials } from "@s3-edge-cache/auth";

/** The key that clients of a test proxy sign with. */
export const CLIENT_CREDENTIALS: Credentials = {
  accessKeyId: "AKIACLIENTEXAMPLE001",
  secretAccessKey: "client/secret+key/EXAMPLE0123456789abcde",
};
