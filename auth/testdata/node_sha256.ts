/**
 * SHA-256 of Node, in the shape in which Amazon's signer takes a hash.
 *
 * @module
 */
import { createHash, createHmac } from "node:crypto";

/** A hash, or with a secret an HMAC. */
export class NodeSha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined
      ? createHash("sha256")
      : createHmac("sha256", secret as Uint8Array);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {}
}
