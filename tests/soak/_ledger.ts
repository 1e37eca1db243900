/**
 * What readers of a busy proxy may see: each object's versions in the order in which the origin
 * keeps them, and the oldest that may still be shown.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Origin, Version } from "@s3-edge-cache/sim";
import type { Answer } from "../_client.ts";
import { serialOf, type State } from "../programs/_history.ts";
import { isAnswerOf, type ReadShape } from "../programs/_reads.ts";

/** Versions of a key that the origin keeps. */
const KEPT = 8;

/** Holds answers against the versions of a versioned bucket. */
export class Ledger {
  readonly #origin: Origin;
  readonly #bucket: string;
  /** How many versions of a key have been forgotten. */
  readonly #forgotten = new Map<string, number>();
  readonly #floors = new Map<string, number>();

  /**
   * Begins with a bucket that nobody has written to.
   *
   * @param origin Where the bucket is.
   * @param bucket Its name; versions are switched on.
   */
  constructor(origin: Origin, bucket: string) {
    this.#origin = origin;
    this.#bucket = bucket;
    origin.bucket(bucket).versioning = "Enabled";
  }

  /** The oldest version that a read that begins now may show. */
  floor(key: string): number {
    return this.#floors.get(key) ?? 0;
  }

  /** ETags of the latest versions. */
  etags(key: string): string[] {
    return this.#versions(key).flatMap((one) => one.kind === "object" ? [one.etag] : []);
  }

  /**
   * Holds an answer to a read against what may be shown.
   *
   * @throws {AssertionError} if it is of no version from `floor` on.
   */
  judge(key: string, floor: number, shape: ReadShape, etag: string, answer: Answer): void {
    const states = this.#states(key);
    const found = states.find(([place, state]) =>
      place >= floor && isAnswerOf(answer, state, shape, etag)
    );
    if (found !== undefined) return this.#seen(key, found[0]);
    const told = states.map(([place, state]) =>
      `${place}: ${state === undefined ? "nothing" : `${serialOf(state)} ${state.etag}`}`
    );
    assert.fail(
      `${key}, from ${floor} on: ${JSON.stringify(shape)} if ${etag} was answered ` +
        `${answer.status} ${answer.header("x-amz-meta-serial")} ${answer.header("etag")} ` +
        `${answer.header("x-cache")}, ${answer.body.length} bytes; it may be ${told.join(", ")}`,
    );
  }

  /** A write was answered: whoever reads from now on sees it. */
  written(key: string, is: (version: Version) => boolean): void {
    const versions = this.#versions(key);
    const at = versions.findLastIndex(is);
    if (at >= 0) this.#seen(key, (this.#forgotten.get(key) ?? 0) + at + 1);
    this.#forget(key, versions);
  }

  #seen(key: string, place: number): void {
    this.#floors.set(key, Math.max(this.floor(key), place));
  }

  /** The states from the oldest that is known, with their places; before the first is nothing. */
  #states(key: string): (readonly [place: number, state: State])[] {
    const forgotten = this.#forgotten.get(key) ?? 0;
    const states = this.#versions(key).map((version, i) =>
      [forgotten + i + 1, version.kind === "object" ? version : undefined] as const
    );
    return forgotten === 0 ? [[0, undefined], ...states] : states;
  }

  #versions(key: string): readonly Version[] {
    return this.#origin.versions(this.#bucket, key);
  }

  /** The origin forgets what nobody may be shown any more. */
  #forget(key: string, versions: readonly Version[]): void {
    const forgotten = this.#forgotten.get(key) ?? 0;
    const spare = Math.min(versions.length - KEPT, this.floor(key) - forgotten - 1);
    if (spare <= 0) return;
    this.#origin.bucket(this.#bucket).versions.set(key, versions.slice(spare));
    this.#forgotten.set(key, forgotten + spare);
  }
}
