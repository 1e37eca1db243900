/**
 * Clients that read and write without pause, each answer held against the ledger.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Version } from "@s3-edge-cache/sim";
import { Answer, type TestClient, type TestRequest } from "../_client.ts";
import { serialOf } from "../programs/_history.ts";
import { readRequest, type ReadShape } from "../programs/_reads.ts";
import { type WriteKind, type WriteOrder, writeRequest } from "../programs/_writes.ts";
import type { Ledger } from "./_ledger.ts";

/** The bucket that is read and written. */
export const BUCKET = "bucket";

/** How many objects there are. */
export const OBJECTS = 120;

/** What became of the requests. */
export interface Tally {
  requests: number;
  /** Answers that were right. */
  right: number;
  /** Errors of the origin's or the proxy's, by status. */
  readonly errors: Map<number, number>;
  /** Connections that were cut. */
  cut: number;
  /** Answers that their clients left before the end. */
  left: number;
}

/** What the clients work with. */
export interface LoadParts {
  readonly client: TestClient;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly random: () => number;
  /** Whether any answer may be an error. */
  readonly mayFail: () => boolean;
}

const WRITES: readonly WriteKind[] = ["put", "put", "put", "put", "delete", "copy", "multipart"];
const RANGES: readonly ReadShape["range"][] = [
  undefined,
  undefined,
  [0, 99],
  [500, undefined],
  [undefined, 700],
  [30_000, 250_000],
];
const CONDITIONS = [undefined, undefined, "if-match", "if-none-match", "if-range"] as const;

/** Sizes that objects are written in, the frequent ones first. */
const SIZES = [0, 900, 5_000, 20_000, 60_000, 60_000, 300_000, 1_500_000, 3_000_000] as const;

/** The name of an object. */
export function keyOf(number: number): string {
  return `object-${number}`;
}

/** One client's random requests. */
export class Load {
  readonly #parts: LoadParts;
  #serial = 0;

  constructor(parts: LoadParts) {
    this.#parts = parts;
  }

  /**
   * Does one thing.
   *
   * @throws {AssertionError} if an answer is wrong.
   */
  async act(): Promise<void> {
    const dice = this.#parts.random();
    if (dice < 0.86) await this.read(this.#key());
    else if (dice < 0.94) await this.#write();
    else if (dice < 0.96) await this.#leave();
    else if (dice < 0.98) await this.#forge();
    else await this.#list();
  }

  /** Reads an object in one of many ways; `shape` where it matters in which. */
  async read(key: string, shape: ReadShape = this.#shape()): Promise<void> {
    const { ledger } = this.#parts;
    const etag = this.#pick(ledger.etags(key)) ?? '"none"';
    const floor = ledger.floor(key);
    const answer = await this.#send(readRequest(`/${BUCKET}/${key}`, shape, etag));
    if (answer !== undefined) ledger.judge(key, floor, shape, etag, answer);
  }

  async #write(): Promise<void> {
    const key = this.#key();
    const order: WriteOrder = {
      kind: this.#pick(WRITES)!,
      serial: String(++this.#serial),
      path: `/${BUCKET}/${key}`,
      other: `/${BUCKET}/${this.#key()}`,
      versionId: "",
      size: this.#pick(SIZES)!,
    };
    const answer = order.kind === "multipart"
      ? await this.#multipart(order)
      : await this.#send(writeRequest(order));
    if (answer === undefined || answer.status >= 300) return;
    const versionId = answer.header("x-amz-version-id");
    const own = (version: Version) =>
      versionId === undefined
        ? version.kind === "object" && serialOf(version) === order.serial
        : version.versionId === versionId;
    this.#parts.ledger.written(key, own);
  }

  async #multipart(order: WriteOrder): Promise<Answer | undefined> {
    const created = await this.#send(writeRequest(order));
    const id = /<UploadId>([^<]+)/.exec(created?.text ?? "")?.[1];
    if (id === undefined) return undefined;
    const { body } = writeRequest({ ...order, kind: "put" });
    const part = {
      method: "PUT",
      target: `${order.path}?partNumber=1&uploadId=${id}`,
      body: body!,
    };
    const etag = (await this.#send(part))?.header("etag");
    if (etag === undefined) return undefined;
    const document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
      `<ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
    return await this.#send({
      method: "POST",
      target: `${order.path}?uploadId=${id}`,
      body: document,
    });
  }

  /** Begins to read, slowly, and leaves after the first bytes. */
  async #leave(): Promise<void> {
    const { client, tally, random } = this.#parts;
    tally.requests++;
    try {
      const { body } = await client.open({ target: `/${BUCKET}/${this.#key()}` });
      for await (const _ of body) {
        await new Promise((resolve) => setTimeout(resolve, random() * 50));
        break;
      }
      body.destroy();
      tally.left++;
    } catch (error) {
      this.#excuse(error);
    }
  }

  /** Sends what it has no signature for; also for an object that the cache holds. */
  async #forge(): Promise<void> {
    const target = `/${BUCKET}/${this.#key()}`;
    const answer = await this.#send({ target, headers: [["x-amz-date", "now"]], unsigned: true });
    if (answer !== undefined) assert.equal(answer.status, 403, "a request without a signature");
  }

  async #list(): Promise<void> {
    const answer = await this.#send({ target: `/${BUCKET}?list-type=2&max-keys=5` });
    if (answer !== undefined) assert.match(answer.text, /<ListBucketResult/);
  }

  /** Sends, and gives the answer unless it is an error or was cut. */
  async #send(request: TestRequest): Promise<Answer | undefined> {
    const { client, tally, mayFail } = this.#parts;
    tally.requests++;
    let answer: Answer;
    try {
      answer = await client.send(request);
    } catch (error) {
      this.#excuse(error);
      return undefined;
    }
    if (answer.status < 500) {
      tally.right++;
      return answer;
    }
    tally.errors.set(answer.status, (tally.errors.get(answer.status) ?? 0) + 1);
    assert.ok(mayFail(), `${request.target}: ${answer.status} ${Buffer.from(answer.body)}`);
    return undefined;
  }

  #excuse(error: unknown): void {
    this.#parts.tally.cut++;
    assert.ok(this.#parts.mayFail(), `cut: ${error}`);
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    assert.match(String(code ?? cause?.code), /UND_ERR_SOCKET|ECONNRESET|EPIPE/, String(error));
  }

  #shape(): ReadShape {
    const { random } = this.#parts;
    return {
      method: random() < 0.2 ? "HEAD" : "GET",
      range: this.#pick(RANGES),
      condition: this.#pick(CONDITIONS),
      override: random() < 0.1,
      directive: random() < 0.05 ? "no-cache" : undefined,
    };
  }

  /** Few objects are asked for often, many seldom. */
  #key(): string {
    return keyOf(Math.floor(OBJECTS * this.#parts.random() ** 3));
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.#parts.random() * all.length)];
  }
}
