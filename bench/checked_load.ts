/**
 * Clients that read and write the same objects, and hold every answer against what it may be.
 *
 * @module
 */
import { type Answer, Connection } from "./connection.ts";
import { contentIndex, Contents } from "./content.ts";
import { equal } from "./crowd.ts";
import { CREDENTIALS, RequestSigner } from "./signed_requests.ts";

/** Sizes of the objects, in bytes. */
const SIZES = [1_024, 16_384, 200_000, 1_048_576];

/** Objects of each size. */
const OBJECTS_A_SIZE = 40;

/** The share of writes among the requests. */
const WRITES = 0.05;

/** How long a client waits after a failure, in milliseconds. */
const PAUSE_MS = 20;

/** A request that failed: from its first to its last moment, as `performance.now()` tells it. */
export interface Failure {
  /** When it was sent. */
  readonly from: number;
  /** When it had failed. */
  readonly to: number;
  /** How. */
  readonly reason: string;
}

/** What is known of an object: each write makes a version. */
interface Known {
  /** The newest version of which a client has heard. */
  least: number;
  /** Writes that were begun. */
  begun: number;
  /** Whether a write is under way. */
  written: boolean;
}

/** A load that goes on until it is told to end. */
export class CheckedLoad {
  /** Requests that got no answer, or one of the server's own. */
  readonly failures: Failure[] = [];
  /** Reads whose bodies were right. */
  reads = 0;
  /** Writes that were answered. */
  writes = 0;
  readonly #url: string;
  readonly #contents: Contents = new Contents(Math.max(...SIZES));
  readonly #objects: Map<string, Known> = new Map();
  readonly #signer: RequestSigner = new RequestSigner("header", CREDENTIALS, Date.now);
  #ended = false;

  /** @param url Scheme, host and port. */
  constructor(url: string) {
    this.#url = url;
    for (const size of SIZES) {
      for (let i = 0; i < OBJECTS_A_SIZE; i++) {
        this.#objects.set(`${size}/${i}`, { least: 0, begun: 0, written: false });
      }
    }
  }

  /**
   * Runs until {@linkcode end}.
   *
   * @param clients Connections at a time.
   * @throws {Error} at the first answer that can't be right.
   */
  async run(clients: number): Promise<void> {
    try {
      await Promise.all(Array.from({ length: clients }, () => this.#client()));
    } finally {
      this.#ended = true;
    }
  }

  /** Lets every client end its request, and no more. */
  end(): void {
    this.#ended = true;
  }

  /** Sends requests on connections that end now and then, so that every worker gets its share. */
  async #client(): Promise<void> {
    while (!this.#ended) {
      let from = performance.now();
      try {
        using connection = await Connection.open(this.#url);
        for (let i = 0; i < 20 && !this.#ended; i++) {
          from = performance.now();
          await this.#request(connection);
        }
      } catch (error) {
        if (error instanceof WrongAnswer) throw error;
        this.failures.push({ from, to: performance.now(), reason: (error as Error).message });
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async #request(connection: Connection): Promise<void> {
    const keys = [...this.#objects.keys()];
    const key = keys[Math.floor(Math.random() ** 2 * keys.length)]!;
    const known = this.#objects.get(key)!;
    if (Math.random() < WRITES && !known.written) await this.#write(connection, key, known);
    else await this.#read(connection, key, known);
  }

  async #write(connection: Connection, key: string, known: Known): Promise<void> {
    known.written = true;
    known.begun += 1;
    try {
      const answer = await connection.exchange(this.#signer.sign("PUT", key));
      this.#hold(answer, key);
      known.least = versionOf(answer);
      this.writes += 1;
    } finally {
      known.written = false;
    }
  }

  async #read(connection: Connection, key: string, known: Known): Promise<void> {
    const { least } = known;
    const answer = await connection.exchange(this.#signer.sign("GET", key));
    this.#hold(answer, key);
    const version = versionOf(answer);
    if (version < least || version > known.begun) {
      throw new WrongAnswer(`${key}: version ${version}, not ${least} to ${known.begun}`);
    }
    const expected = this.#contents.bytes(contentIndex(key, version), Number.parseInt(key));
    if (!equal(answer.body, expected)) {
      throw new WrongAnswer(`${key}: the bytes are not those of version ${version}`);
    }
    this.reads += 1;
  }

  /** A server may fail, and say so; a client does nothing here that it could be blamed for. */
  #hold({ status }: Answer, key: string): void {
    if (status === 200) return;
    const message = `${key}: status ${status}`;
    throw status < 500 ? new WrongAnswer(message) : new Error(message);
  }
}

/** An answer that can't be right. */
class WrongAnswer extends Error {}

function versionOf({ head }: Answer): number {
  return Number(/\r\nx-amz-version-id: (\d+)/i.exec(head)?.[1] ?? 0);
}
