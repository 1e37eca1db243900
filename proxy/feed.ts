/**
 * The figures as they come, by server-sent events (HTML Standard, section 9.2).
 *
 * @module
 */

const FIELDS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
};

/** Listeners at a time; each costs a connection and a little work every time. */
const MOST_LISTENERS = 32;

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Sends events to whoever listens. A listener that is behind misses events, and holds up nobody. */
export class Feed {
  readonly #listeners: Set<Controller> = new Set();

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /**
   * Answers one who wants to listen.
   *
   * @param first What this one is told first.
   */
  open(first: { readonly name: string; readonly data: unknown }): Response {
    if (this.#listeners.size >= MOST_LISTENERS) {
      return new Response("too many listeners\n", {
        status: 503,
        headers: { "retry-after": "10" },
      });
    }
    let own: Controller;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#listeners.add(own);
        own.enqueue(encoded(first.name, first.data));
      },
      cancel: () => void this.#listeners.delete(own),
    }, { highWaterMark: 4 });
    return new Response(body, { headers: FIELDS });
  }

  /** Sends an event to all. */
  send(name: string, data: unknown): void {
    const event = encoded(name, data);
    for (const listener of this.#listeners) {
      if ((listener.desiredSize ?? 0) > 0) listener.enqueue(event);
    }
  }

  /** Sends everybody home. */
  close(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }
}

function encoded(name: string, data: unknown): Uint8Array {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
