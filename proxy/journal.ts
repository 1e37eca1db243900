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
import { type PastRequest, PastRequests } from "./past_requests.ts";
import type { RequestObserver } from "./record.ts";

/** Requests that are remembered. */
const MOST_REQUESTS = 1_024;

/** Requests of a key, and hot keys, that are told. */
const MOST_TOLD = 20;

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

/** Remembers requests and events. */
export class Journal {
  readonly #requests: PastRequests = new PastRequests(MOST_REQUESTS);
  readonly #hottest: Hottest = new Hottest();
  readonly #events: RecentEvents = new RecentEvents();

  /** Hears of each request at its end. */
  readonly observe: RequestObserver = ({ id, trace, headers }, response) => {
    const { route } = trace;
    if (route === undefined) return;
    this.#requests.add(trace, answerId(response, id), headers.get("range"));
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
      requests: key === "" ? [] : this.#requests.of(bucket, key, MOST_TOLD),
      hottest: this.#hottest.top(MOST_TOLD).map(({ name, reads }) => ({
        name: displayKey(name),
        reads,
      })),
      events: this.#events.latest(),
    };
  }
}
