/**
 * What dry-run remembers of ranges of objects that it holds whole.
 *
 * @module
 */

/** Ranges that are remembered. */
const MOST_RANGES = 4_096;

/** The marks of ranges, each of one entry: the oldest give way. */
export class RangeMarks {
  readonly #marks: Map<string, { readonly storedAt: number; readonly mark: Uint8Array }> =
    new Map();

  /**
   * The mark of a range.
   *
   * @param name Names object, variant and range.
   * @param storedAt When the entry was stored whose range is meant.
   */
  get(name: string, storedAt: number): Uint8Array | undefined {
    const known = this.#marks.get(name);
    return known?.storedAt === storedAt ? known.mark : undefined;
  }

  /** Remembers a range. */
  set(name: string, storedAt: number, mark: Uint8Array): void {
    this.#marks.delete(name);
    this.#marks.set(name, { storedAt, mark });
    if (this.#marks.size <= MOST_RANGES) return;
    const [oldest] = this.#marks.keys();
    this.#marks.delete(oldest!);
  }
}
