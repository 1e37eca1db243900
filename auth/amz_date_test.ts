import assert from "node:assert/strict";
import fc from "fast-check";
import { formatAmzDate, isScopeDate, parseAmzDate, parseHttpDate } from "./amz_date.ts";

const second = fc.date({
  min: new Date("1000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
}).map((date) => Math.floor(date.getTime() / 1000) * 1000);

Deno.test("a time is read back as it was written, in both formats", () => {
  fc.assert(fc.property(second, (time) => {
    assert.equal(parseAmzDate(formatAmzDate(time)), time);
    assert.equal(parseHttpDate(new Date(time).toUTCString()), time);
  }));
});

Deno.test("a date that does not exist is no date", () => {
  for (
    const text of [
      "",
      "20130524",
      "20130524T000000",
      "20130524T000000z",
      "20130524 000000Z",
      "20130524T000000Z ",
      "20131324T000000Z",
      "20130024T000000Z",
      "20130532T000000Z",
      "20130500T000000Z",
      "20130229T000000Z",
      "21000229T000000Z",
      "20130631T000000Z",
      "20130524T240000Z",
      "20130524T006000Z",
      "20130524T000060Z",
      "2013-524T000000Z",
      "+2013524T000000Z",
      "2013052½T000000Z",
      "00000101T000000Z",
    ]
  ) assert.equal(parseAmzDate(text), undefined, text);
  assert.equal(parseAmzDate("20240229T235959Z"), Date.UTC(2024, 1, 29, 23, 59, 59));
  assert.equal(parseAmzDate("20000229T000000Z"), Date.UTC(2000, 1, 29));
});

Deno.test("a date of HTTP is read strictly, its weekday too", () => {
  assert.equal(parseHttpDate("Fri, 24 May 2013 00:00:00 GMT"), Date.UTC(2013, 4, 24));
  for (
    const text of [
      "Thu, 24 May 2013 00:00:00 GMT",
      "Fri, 24 may 2013 00:00:00 GMT",
      "Fri, 24 May 2013 00:00:00 UTC",
      "Fri, 24 May 2013 00:00:00 +0000",
      "Friday, 24-May-13 00:00:00 GMT",
      "Fri, 32 May 2013 00:00:00 GMT",
      "Fri, 24 May 2013 24:00:00 GMT",
      "24 May 2013 00:00:00 GMT",
    ]
  ) assert.equal(parseHttpDate(text), undefined, text);
});

Deno.test("the date of a scope is eight digits of an existing day", () => {
  assert.ok(isScopeDate("20130524"));
  for (const text of ["2013052", "201305240", "20130231", "2013052x", ""]) {
    assert.ok(!isScopeDate(text), text);
  }
});
