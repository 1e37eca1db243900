import fc from "fast-check";
import assert from "node:assert/strict";
import { evaluateConditions, rangeApplies, type Validators } from "./conditions.ts";
import { HeaderList, type HeaderPair } from "./header_list.ts";
import { formatHttpDate } from "./http_date.ts";

const MODIFIED = Date.UTC(2026, 0, 10);
const NOW = Date.UTC(2026, 0, 20);
const BEFORE = formatHttpDate(MODIFIED - 1000);
const SAME = formatHttpDate(MODIFIED);
const AFTER = formatHttpDate(MODIFIED + 1000);
const FUTURE = formatHttpDate(NOW + 1000);
const STORED: Validators = { etag: '"abc"', lastModified: SAME };

function outcome(pairs: readonly HeaderPair[], validators: Validators = STORED): string {
  const result = evaluateConditions(new HeaderList(pairs), validators, NOW);
  return result.kind === "precondition-failed" ? result.condition : result.kind;
}

Deno.test("each condition by itself", () => {
  const cases: readonly (readonly [name: string, value: string, outcome: string])[] = [
    ["if-match", '"abc"', "proceed"],
    ["if-match", "abc", "proceed"],
    ["if-match", "*", "proceed"],
    ["if-match", '"x", "abc"', "proceed"],
    ["if-match", '"x","y,abc",abc', "proceed"],
    ["if-match", '"x"', "If-Match"],
    ["if-match", '"ab"', "If-Match"],
    ["if-match", '"x,abc"', "If-Match"],
    ["if-match", 'W/"abc"', "If-Match"],
    ["if-match", "", "proceed"],
    ["if-match", '"*"', "If-Match"],
    ["if-none-match", '"abc"', "not-modified"],
    ["if-none-match", "abc", "not-modified"],
    ["if-none-match", 'W/"abc"', "not-modified"],
    ["if-none-match", "*", "not-modified"],
    ["if-none-match", '"x", W/"abc"', "not-modified"],
    ["if-none-match", '"ABC"', "proceed"],
    ["if-none-match", '"x,abc"', "proceed"],
    ["if-none-match", ",", "proceed"],
    ["if-modified-since", BEFORE, "proceed"],
    ["if-modified-since", SAME, "not-modified"],
    ["if-modified-since", AFTER, "not-modified"],
    ["if-modified-since", FUTURE, "proceed"],
    ["if-modified-since", "yesterday", "proceed"],
    ["if-unmodified-since", BEFORE, "If-Unmodified-Since"],
    ["if-unmodified-since", SAME, "proceed"],
    ["if-unmodified-since", AFTER, "proceed"],
    ["if-unmodified-since", "yesterday", "proceed"],
  ];
  for (const [name, value, expected] of cases) {
    assert.equal(outcome([[name, value]]), expected, `${name}: ${value}`);
  }
});

Deno.test("conditions together, as Amazon S3 was seen to order them", () => {
  const ifMatch: HeaderPair = ["if-match", "etag123"];
  const ifUnmodified: HeaderPair = ["if-unmodified-since", BEFORE];
  const ifNoneMatch: HeaderPair = ["if-none-match", '"abc"'];
  const ifModified: HeaderPair = ["if-modified-since", AFTER];
  assert.equal(outcome([ifModified, ifUnmodified, ifMatch, ifNoneMatch]), "If-Match");
  assert.equal(outcome([ifModified, ifUnmodified, ifNoneMatch]), "If-Unmodified-Since");
  assert.equal(outcome([ifModified, ifNoneMatch]), "not-modified");
});

Deno.test("the two combinations that the reference page of GetObject names", () => {
  assert.equal(outcome([["if-match", '"abc"'], ["if-unmodified-since", BEFORE]]), "proceed");
  assert.equal(
    outcome([["if-none-match", '"abc"'], ["if-modified-since", BEFORE]]),
    "not-modified",
  );
});

Deno.test("If-None-Match takes the place of If-Modified-Since", () => {
  assert.equal(outcome([["if-none-match", '"x"'], ["if-modified-since", SAME]]), "proceed");
});

Deno.test("an object without validators fails If-Match and no date", () => {
  const bare: Validators = { etag: undefined, lastModified: undefined };
  assert.equal(outcome([["if-match", '"abc"']], bare), "If-Match");
  assert.equal(outcome([["if-match", "*"]], bare), "proceed");
  assert.equal(outcome([["if-none-match", '"abc"']], bare), "proceed");
  assert.equal(outcome([["if-unmodified-since", BEFORE]], bare), "proceed");
  assert.equal(outcome([["if-modified-since", AFTER]], bare), "proceed");
});

Deno.test("a weak ETag of the object's never matches strongly", () => {
  const weak: Validators = { etag: 'W/"abc"', lastModified: SAME };
  assert.equal(outcome([["if-match", 'W/"abc"']], weak), "If-Match");
  assert.equal(outcome([["if-match", '"abc"']], weak), "If-Match");
  assert.equal(rangeApplies('"abc"', weak, NOW), false);
  assert.equal(outcome([["if-none-match", '"abc"']], weak), "not-modified");
  assert.equal(rangeApplies('W/"abc"', weak, NOW), false);
});

Deno.test("repeated fields: lists are joined, dates are ignored", () => {
  assert.equal(outcome([["if-none-match", '"x"'], ["if-none-match", '"abc"']]), "not-modified");
  assert.equal(
    outcome([["if-modified-since", AFTER], ["if-modified-since", AFTER]]),
    "proceed",
  );
});

Deno.test("the order of RFC 9110, section 13.2.2, for every combination", () => {
  const tags = fc.option(fc.constantFrom('"abc"', '"x"'), { nil: undefined });
  const dates = fc.option(fc.constantFrom(BEFORE, SAME, AFTER), { nil: undefined });
  fc.assert(fc.property(tags, dates, tags, dates, (match, unmodified, noneMatch, modified) => {
    const pairs = [
      ["if-match", match],
      ["if-unmodified-since", unmodified],
      ["if-none-match", noneMatch],
      ["if-modified-since", modified],
    ].filter((pair): pair is [string, string] => pair[1] !== undefined);
    let expected = "proceed";
    if (match === '"x"') expected = "If-Match";
    else if (match === undefined && unmodified === BEFORE) expected = "If-Unmodified-Since";
    else if (noneMatch === '"abc"') expected = "not-modified";
    else if (noneMatch === undefined && modified !== undefined && modified !== BEFORE) {
      expected = "not-modified";
    }
    assert.equal(outcome(pairs), expected);
  }));
});

Deno.test("If-Range lets a range count where the object is the same", () => {
  const cases: readonly (readonly [value: string | undefined, applies: boolean])[] = [
    [undefined, true],
    ['"abc"', true],
    ["abc", true],
    ['"x"', false],
    ['W/"abc"', false],
    ["*", false],
    ["", false],
    [SAME, true],
    [BEFORE, false],
    [AFTER, false],
  ];
  for (const [value, applies] of cases) {
    assert.equal(rangeApplies(value, STORED, NOW), applies, value);
  }
});

Deno.test("conditions never throw", () => {
  const names = fc.constantFrom(
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
  );
  const value = fc.string({ unit: fc.constantFrom(...'W/"abc",* GMT'), maxLength: 12 });
  fc.assert(fc.property(fc.array(fc.tuple(names, value)), value, (pairs, ifRange) => {
    outcome(pairs);
    rangeApplies(ifRange, STORED, NOW);
  }));
});
