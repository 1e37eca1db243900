/**
 * What will happen, the soonest first.
 *
 * @module
 */

/**
 * A queue of clients by the time of their next event: a binary heap in flat arrays. Events of one
 * time come in the order in which they were added.
 */
export class EventQueue {
  readonly #times: Float64Array;
  readonly #turns: Float64Array;
  readonly #clients: Int32Array;
  #length = 0;
  #turn = 0;

  /** A queue for at most `capacity` clients at a time. */
  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#turns = new Float64Array(capacity);
    this.#clients = new Int32Array(capacity);
  }

  /** Events that wait. */
  get length(): number {
    return this.#length;
  }

  /** Time of the soonest event; `Infinity` if there is none. */
  get soonest(): number {
    return this.#length === 0 ? Infinity : this.#times[0]!;
  }

  /** Adds an event. */
  add(time: number, client: number): void {
    const turn = this.#turn++;
    let at = this.#length++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#times[parent]! <= time) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#place(at, time, turn, client);
  }

  /** Takes the soonest event out: the number of its client. There must be one. */
  take(): number {
    const client = this.#clients[0]!;
    const last = --this.#length;
    const [time, turn] = [this.#times[last]!, this.#turns[last]!];
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && this.#isBefore(child + 1, child)) child += 1;
      const childTime = this.#times[child]!;
      if (time < childTime || (time === childTime && turn < this.#turns[child]!)) break;
      this.#move(child, at);
      at = child;
    }
    this.#place(at, time, turn, this.#clients[last]!);
    return client;
  }

  #isBefore(one: number, other: number): boolean {
    const difference = this.#times[one]! - this.#times[other]!;
    return difference < 0 || (difference === 0 && this.#turns[one]! < this.#turns[other]!);
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#times[from]!, this.#turns[from]!, this.#clients[from]!);
  }

  #place(at: number, time: number, turn: number, client: number): void {
    this.#times[at] = time;
    this.#turns[at] = turn;
    this.#clients[at] = client;
  }
}
