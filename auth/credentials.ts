/**
 * Access keys.
 *
 * @module
 */

/** An access key with its secret. */
export interface Credentials {
  /** The key's public id. */
  readonly accessKeyId: string;
  /** The secret that signs. */
  readonly secretAccessKey: string;
  /** The session token that belongs to temporary credentials. */
  readonly sessionToken?: string | undefined;
}
