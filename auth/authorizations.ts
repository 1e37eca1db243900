/**
 * The `Authorization` headers of clients that sign alike.
 *
 * @module
 */
import { parseAuthorization, type SignatureClaim } from "./authorization.ts";

/** Most beginnings that are remembered; a client has one a day for each set of signed headers. */
const MOST_BEGINNINGS = 64;

/** What stands before the signature, where it comes last, as clients write it. */
const LAST_PART = "Signature=";

/** Hex digits of a signature. */
const SIGNATURE_LENGTH = 64;

/**
 * Reads `Authorization` headers as {@linkcode parseAuthorization} does. What stands before the
 * signature is the same for many requests of a client: it is read once.
 */
export class Authorizations {
  readonly #claims: Map<string, SignatureClaim> = new Map();

  /**
   * Reads a header.
   *
   * @param value The field's value.
   * @throws {S3Error} as `parseAuthorization` does.
   */
  parse(value: string): SignatureClaim {
    const end = value.length - SIGNATURE_LENGTH;
    if (end < 0 || !value.startsWith(LAST_PART, end - LAST_PART.length)) {
      return parseAuthorization(value);
    }
    const beginning = value.slice(0, end);
    const known = this.#claims.get(beginning);
    // The claim that was read first had another signature behind the same beginning.
    if (known !== undefined) {
      const { credential, signedHeaders } = known;
      const signature = value.slice(end).trim();
      if (!signature.includes(",")) return { credential, signedHeaders, signature };
    }
    const claim = parseAuthorization(value);
    if (this.#claims.size === MOST_BEGINNINGS) this.#claims.clear();
    this.#claims.set(beginning, claim);
    return claim;
  }
}
