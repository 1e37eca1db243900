/**
 * Signed requests in a file, as wrk reads them.
 *
 * @module
 */
import { CREDENTIALS, RequestSigner, type SignatureForm } from "./signed_requests.ts";

/** How many are signed at a time. */
const BATCH = 5_000;

/** Requests for objects of one size; there are as many as are asked for. */
export class RequestFile {
  /** Where it is. */
  readonly path: string;
  readonly #keyAt: (position: number) => string;
  readonly #signer: RequestSigner;
  #count = 0;

  /**
   * @param path Where it is to be.
   * @param form Where the signatures stand.
   * @param keyAt The object of each request.
   * @param credentials What they are made with.
   */
  constructor(
    path: string,
    form: SignatureForm,
    keyAt: (position: number) => string,
    credentials: typeof CREDENTIALS = CREDENTIALS,
  ) {
    this.path = path;
    this.#keyAt = keyAt;
    this.#signer = new RequestSigner(form, credentials, Date.now);
  }

  /** Sees to it that there are so many at least. */
  async hold(count: number): Promise<this> {
    while (this.#count < count) {
      const lines = Array.from({ length: BATCH }, () => {
        const request = this.#signer.sign("GET", this.#keyAt(this.#count++));
        return `${request.replaceAll("\r\n", "\t")}\n`;
      });
      await Deno.writeTextFile(this.path, lines.join(""), { append: true });
    }
    return this;
  }
}
