import fc from "fast-check";
import assert from "node:assert/strict";
import { formatHttpDate, parseHttpDate } from "./http_date.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

Deno.test("the three forms of a date", () => {
  const time = Date.UTC(1994, 10, 6, 8, 49, 37);
  assert.equal(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", NOW), time);
  assert.equal(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", NOW), time);
  assert.equal(parseHttpDate("Sun Nov  6 08:49:37 1994", NOW), time);
  assert.equal(parseHttpDate("Sun Nov 16 08:49:37 1994", NOW), Date.UTC(1994, 10, 16, 8, 49, 37));
});

Deno.test("a two-digit year lies at most fifty years ahead", () => {
  const year = (digits: string) =>
    new Date(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, NOW)!).getUTCFullYear();
  assert.deepEqual(["00", "26", "75", "76", "77", "99"].map(year), [
    2000,
    2026,
    2075,
    1976,
    1977,
    1999,
  ]);
});

Deno.test("what is no date is none", () => {
  const malformed = [
    "",
    "0",
    "1994-11-06T08:49:37Z",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 +0000",
    "sun, 06 nov 1994 08:49:37 gmt",
    "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
    " Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT,Sun, 06 Nov 1994 08:49:37 GMT",
  ];
  for (const text of malformed) assert.equal(parseHttpDate(text, NOW), undefined, text);
});

Deno.test("29 February and leap seconds", () => {
  assert.equal(parseHttpDate("Thu, 29 Feb 2024 00:00:00 GMT", NOW), Date.UTC(2024, 1, 29));
  assert.equal(parseHttpDate("Tue, 29 Feb 2023 00:00:00 GMT", NOW), undefined);
  assert.equal(
    parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT", NOW),
    Date.UTC(2016, 11, 31, 23, 59, 59),
  );
});

Deno.test("a date is read as it was written", () => {
  const years = { min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true };
  fc.assert(fc.property(fc.date(years), (date) => {
    const time = Math.floor(date.getTime() / 1000) * 1000;
    assert.equal(parseHttpDate(formatHttpDate(time), NOW), time);
  }));
});
