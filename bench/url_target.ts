/**
 * A peer that runs already.
 *
 * @module
 */
import { usageOf } from "./process_usage.ts";
import type { RunningTarget, Setup, Target } from "./target.ts";

/** An S3 endpoint that somebody else has started, over the origin of the bench. */
export class UrlTarget implements Target {
  /** As it stands in the table. */
  readonly name: string;
  /** {@inheritDoc Target.fresh} */
  readonly fresh = false;
  readonly #url: string;
  readonly #pid: number | undefined;

  /**
   * @param name As it stands in the table.
   * @param url Scheme, host and port.
   * @param pid Its process, for the figures that only the kernel knows.
   */
  constructor(name: string, url: string, pid: number | undefined) {
    this.name = name;
    this.#url = url;
    this.#pid = pid;
  }

  /** It runs as it was started: with its cache, and as many workers as it has. */
  start({ mode }: Setup): Promise<RunningTarget | undefined> {
    if (mode === "forward") return Promise.resolve(undefined);
    const pid = this.#pid;
    return Promise.resolve({
      url: this.#url,
      usage: () => pid === undefined ? Promise.resolve(undefined) : usageOf(pid),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  }
}
