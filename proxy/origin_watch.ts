/**
 * Whether the origin can be reached.
 *
 * Requests tell; only while the last of them failed the origin is asked for this alone, for nobody
 * may send requests to a proxy that says it is not ready.
 *
 * @module
 */
import type { Tally, TallySums } from "@s3-edge-cache/telemetry";

/** How often it is looked, in milliseconds. */
const LOOK_MS = 1_000;

/** The longest wait for an answer, in milliseconds. */
const PATIENCE_MS = 5_000;

/** What a watch is made of. */
export interface OriginWatchOptions {
  /** URL of the origin. */
  readonly endpoint: string;
  /** What the workers know of it. */
  readonly sums: () => Pick<TallySums, "reachedAt" | "unreachedAt">;
  /** Takes what the watch itself finds. */
  readonly tally: Tally;
}

/** Watches the origin. */
export class OriginWatch {
  readonly #options: OriginWatchOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #since: number | undefined;
  #asking = false;

  /** Begins to watch. */
  constructor(options: OriginWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** Since when it can't be reached, in milliseconds since the epoch; `undefined` if it can. */
  unreachableSince(): number | undefined {
    const { reachedAt, unreachedAt } = this.#options.sums();
    if (reachedAt >= unreachedAt) this.#since = undefined;
    else this.#since ??= unreachedAt;
    return this.#since;
  }

  /** Watches no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.unreachableSince() === undefined || this.#asking) return;
    const { endpoint, tally } = this.#options;
    this.#asking = true;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const headers = { connection: "close" };
      const answer = await fetch(endpoint, { method: "HEAD", headers, redirect: "manual", signal });
      await answer.body?.cancel();
      tally.origin(true, Date.now());
    } catch {
      tally.origin(false, Date.now());
    } finally {
      this.#asking = false;
    }
  }
}
