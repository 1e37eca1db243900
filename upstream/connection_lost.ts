/**
 * The failure of a connection that was there.
 *
 * @module
 */

/** The origin hung up before its answer, or within it. */
export class ConnectionLost extends Error {
  /** As a socket's error has it. */
  readonly code = "ECONNRESET";

  /** @param where What was missing. */
  constructor(where: string) {
    super(`the origin hung up ${where}`);
    this.name = "ConnectionLost";
  }
}
