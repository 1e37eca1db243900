/**
 * Dates of HTTP header fields: RFC 9110, section 5.6.7.
 *
 * @module
 */

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
const MONTH = "(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

/** IMF-fixdate, the dates of RFC 850, and those of C's asctime. */
const FORMS: readonly RegExp[] = [
  new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * Reads an HTTP-date in any of its three forms.
 *
 * @param text The field's value.
 * @param now The current time in milliseconds since the epoch: a two-digit year that would lie
 * more than 50 years ahead of it belongs to the past century.
 * @returns Milliseconds since the epoch, or `undefined` if the text is no such date.
 *
 * @example
 * ```ts
 * import { parseHttpDate } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const now = Date.UTC(2026, 0, 1);
 * assert.equal(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", now), 784111777000);
 * assert.equal(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", now), 784111777000);
 * assert.equal(parseHttpDate("Sun Nov  6 08:49:37 1994", now), 784111777000);
 * assert.equal(parseHttpDate("yesterday", now), undefined);
 * ```
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return toTime(groups, now);
  }
  return undefined;
}

function toTime(groups: Record<string, string>, now: number): number | undefined {
  const month = MONTHS.indexOf(groups["month"]!) / 3;
  const [day, hour, minute, second] = ["day", "hour", "minute", "second"]
    .map((name) => Number(groups[name])) as [number, number, number, number];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const at = (year: number): number | undefined => {
    const date = new Date(0);
    date.setUTCFullYear(year, month, day);
    if (date.getUTCDate() !== day) return undefined;
    // A leap second counts as the one before it.
    return date.getTime() + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000;
  };
  if (groups["year"]!.length === 4) return at(Number(groups["year"]));
  const century = Math.floor(new Date(now).getUTCFullYear() / 100) * 100;
  const year = century + Number(groups["year"]);
  const limit = new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50);
  const time = at(year);
  return time === undefined || time > limit ? at(year - 100) : time;
}

/**
 * Writes a date in the form that HTTP prefers.
 *
 * @param time Milliseconds since the epoch; a part of a second is dropped.
 */
export function formatHttpDate(time: number): string {
  return new Date(time).toUTCString();
}
