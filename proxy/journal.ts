/**
 * What a worker remembers of its latest requests.
 *
 * @module
 */
import { answerId } from "./answer_fields.ts";
import type { Log } from "@s3-edge-cache/telemetry";
import { displayKey } from "./display_key.ts";
import { type HotKey, Hottest } from "./hottest.ts";
import { type PastEvent, RecentEvents } from "./recent_events.ts";
import type { RequestObserver } from "./record.ts";
import type { RawRequest } from "./request.ts";
import type { Trace } from "./trace.ts";

/** Requests that are remembered. */
const MOST_REQUESTS = 1_024;

/** Requests of a key, and hot keys, that are told. */
const MOST_TOLD = 20;

/** A request as it is remembered. */
export interface PastRequest {
  /** When it ended, in milliseconds since the epoch. */
  readonly time: number;
  /** Its id. */
  readonly requestId: string;
  /** Amazon's name of its operation. */
  readonly operation: string;
  /** The version that it asked for; `null` for the current one. */
  readonly version: string | null;
  /** Its Range field; `null` if it had none. */
  readonly range: string | null;
  /** HTTP status of the answer. */
  readonly status: number;
  /** How the cache took part. */
  readonly outcome: string;
  /** Why it took no other part; `null` where the outcome says all. */
  readonly why: string | null;
  /** Bytes of body that were sent. */
  readonly bytes: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** What a worker is asked. */
export interface Question {
  /** The bucket whose requests are asked for. */
  readonly bucket: string;
  /** The key, in its canonical spelling; empty for no requests at all. */
  readonly key: string;
}

/** What a worker tells. */
export interface Recollection {
  /** The latest requests of the key that was asked for, the last first. */
  readonly requests: readonly PastRequest[];
  /** Which keys are read most. */
  readonly hottest: readonly HotKey[];
  /** The latest warnings and errors, the last first. */
  readonly events: readonly PastEvent[];
}

/** Remembers requests, at the price of three references each. */
export class Journal {
  readonly #traces: Trace[] = [];
  readonly #ids: string[] = [];
  readonly #headers: RawRequest["headers"][] = [];
  readonly #hottest: Hottest = new Hottest();
  readonly #events: RecentEvents = new RecentEvents();
  #next = 0;

  /** Hears of each request at its end. */
  readonly observe: RequestObserver = ({ id, trace, headers }, response) => {
    const { route } = trace;
    if (route === undefined) return;
    const place = this.#next++ % MOST_REQUESTS;
    this.#traces[place] = trace;
    this.#ids[place] = answerId(response, id);
    this.#headers[place] = headers;
    if (route.operation.cacheable && this.#hottest.wants()) {
      this.#hottest.count(`${route.bucket}/${route.key}`);
    }
  };

  /** The same log; the journal remembers its warnings and errors. */
  through(log: Log): Log {
    return this.#events.through(log);
  }

  /** Tells what is asked. */
  recollect({ bucket, key }: Question): Recollection {
    return {
      requests: key === "" ? [] : this.#requestsOf(bucket, key),
      hottest: this.#hottest.top(MOST_TOLD).map(({ name, reads }) => ({
        name: displayKey(name),
        reads,
      })),
      events: this.#events.latest(),
    };
  }

  #requestsOf(bucket: string, key: string): PastRequest[] {
    const now = Date.now() - performance.now();
    const told: PastRequest[] = [];
    for (let back = 1; back <= this.#traces.length && told.length < MOST_TOLD; back++) {
      const place = (this.#next - back) % MOST_REQUESTS;
      const trace = this.#traces[place]!;
      const { route, startedAt, durationMs, status, outcome, why, bytes } = trace;
      if (route!.bucket !== bucket || route!.key !== key) continue;
      told.push({
        time: now + startedAt + durationMs,
        requestId: this.#ids[place]!,
        operation: route!.operation.name,
        version: route!.versionId ?? null,
        range: this.#headers[place]!.get("range") ?? null,
        status,
        outcome,
        why: why ?? null,
        bytes,
        durationMs,
      });
    }
    return told;
  }
}
