/**
 * The value of Date, made once a second.
 *
 * @module
 */

/**
 * Makes values of Date (RFC 9110, section 5.6.7).
 *
 * @param now The clock, in milliseconds since the epoch.
 * @returns A function that gives the value of this second.
 */
export function createDate(now: () => number): () => string {
  let second = NaN;
  let value = "";
  return () => {
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      second = current;
      value = new Date(current * 1000).toUTCString();
    }
    return value;
  };
}
