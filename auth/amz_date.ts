/**
 * The two spellings of time in signed requests: ISO 8601 basic (`x-amz-date`) and RFC 1123
 * (`Date`). Both are read strictly: a date that does not exist is no date.
 *
 * @module
 */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `Fri, 24 May 2013 00:00:00 GMT` */
const HTTP_DATE = /^([A-Z][a-z]{2}), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

/** The number that the `length` decimal digits from `start` on spell, or NaN. */
function digits(text: string, start: number, length: number): number {
  let value = 0;
  for (let i = start; i < start + length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The number of days in a month, which counts from 1. */
function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** The time of a calendar date, or `undefined` where there is none; NaN is in no date. */
function timeOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) {
    return undefined;
  }
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Reads the ISO 8601 basic format of `x-amz-date`.
 *
 * @param text For example `20130524T000000Z`.
 * @returns Milliseconds since the epoch, or `undefined` if the text is not such a date.
 */
export function parseAmzDate(text: string): number | undefined {
  if (text.length !== 16 || text.charCodeAt(8) !== 0x54 || text.charCodeAt(15) !== 0x5a) {
    return undefined;
  }
  return timeOf(
    digits(text, 0, 4),
    digits(text, 4, 2),
    digits(text, 6, 2),
    digits(text, 9, 2),
    digits(text, 11, 2),
    digits(text, 13, 2),
  );
}

/**
 * Whether a text is a date as a credential scope has it.
 *
 * @param text For example `20130524`.
 */
export function isScopeDate(text: string): boolean {
  return text.length === 8 && parseAmzDate(`${text}T000000Z`) !== undefined;
}

/**
 * Reads the date format of HTTP.
 *
 * @param text For example `Fri, 24 May 2013 00:00:00 GMT`.
 * @returns Milliseconds since the epoch, or `undefined` if the text is not such a date.
 */
export function parseHttpDate(text: string): number | undefined {
  const match = HTTP_DATE.exec(text);
  if (match === null) return undefined;
  const [, weekday, day, month, year, hour, minute, second] = match as unknown as string[];
  const time = timeOf(
    Number(year),
    MONTHS.indexOf(month!) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (time === undefined || WEEKDAYS[new Date(time).getUTCDay()] !== weekday) {
    return undefined;
  }
  return time;
}

/**
 * Writes the ISO 8601 basic format of `x-amz-date`; fractions of a second are cut off.
 *
 * @param time Milliseconds since the epoch.
 */
export function formatAmzDate(time: number): string {
  const iso = new Date(time).toISOString();
  return iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 13) + iso.slice(14, 16) +
    iso.slice(17, 19) + "Z";
}

/**
 * Writes a time as S3's error documents have it: `2013-05-24T00:00:00Z`.
 *
 * @param time Milliseconds since the epoch.
 */
export function formatErrorTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19) + "Z";
}
