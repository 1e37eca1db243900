/**
 * Clients that work side by side.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { Connection } from "./connection.ts";
import { contentIndex, Contents, LARGEST_BYTES } from "./content.ts";
import { CREDENTIALS, RequestSigner } from "./signed_requests.ts";

/** Many connections to one endpoint. */
export class Crowd implements Disposable {
  readonly #connections: readonly Connection[];
  readonly #contents: Contents = new Contents(LARGEST_BYTES);
  readonly #signer: RequestSigner = new RequestSigner("header", CREDENTIALS, Date.now);

  private constructor(connections: readonly Connection[]) {
    this.#connections = connections;
  }

  /**
   * Connects.
   *
   * @param url Scheme, host and port.
   * @param connections How many.
   */
  static async open(url: string, connections: number): Promise<Crowd> {
    const all = Array.from({ length: connections }, () => Connection.open(url));
    return new Crowd(await Promise.all(all));
  }

  /**
   * Reads objects, each connection the next one that is left, and holds each against what the
   * origin has.
   *
   * @param keys Objects in their first version.
   * @throws {Error} if an answer is not the object.
   */
  async read(keys: Iterable<string>): Promise<void> {
    const rest = keys[Symbol.iterator]();
    await Promise.all(this.#connections.map(async (connection) => {
      for (let next = rest.next(); !next.done; next = rest.next()) {
        await this.#readOne(connection, next.value);
      }
    }));
  }

  /**
   * Sends one request without a body, of an object or of the bucket.
   *
   * @throws {Error} if it fails.
   */
  async send(method: string, key: string): Promise<void> {
    const { status } = await this.#connections[0]!.exchange(this.#signer.sign(method, key));
    if (status >= 300) throw new Error(`${method} ${key}: status ${status}`);
  }

  /** Closes all. */
  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection[Symbol.dispose]();
  }

  async #readOne(connection: Connection, key: string): Promise<void> {
    const { status, body } = await connection.exchange(this.#signer.sign("GET", key));
    if (status !== 200) throw new Error(`${key}: status ${status}`);
    const expected = this.#contents.bytes(contentIndex(key, 0), Number.parseInt(key));
    if (!equal(body, expected)) throw new Error(`${key}: the bytes are not those of the origin`);
  }
}

/** Whether two runs of bytes are alike. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
