/**
 * A strict reader of Prometheus's text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details).
 *
 * @module
 */
import assert from "node:assert/strict";

/** One series and its value. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric with its series. */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];

/**
 * Reads a text; every breach of the format fails: order of HELP, TYPE and samples, names, labels,
 * numbers, series that are there twice, histograms that do not add up.
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  assert.ok(text.endsWith("\n"), "the last line must end");
  const families = new Map<string, { type: string; help: string; samples: ParsedSample[] }>();
  let current: { name: string; samples: ParsedSample[] } | undefined;
  let help: [name: string, text: string] | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
    if (comment?.[1] === "HELP") {
      assert.equal(help, undefined, line);
      help = [comment[2]!, comment[3]!];
    } else if (comment?.[1] === "TYPE") {
      const [, , name, type] = comment;
      assert.equal(help?.[0], name, line);
      assert.ok(TYPES.includes(type!), line);
      assert.ok(!families.has(name!), `${name} is there twice`);
      current = { name: name!, samples: [] };
      families.set(name!, { type: type!, help: help![1], samples: current.samples });
      help = undefined;
    } else {
      assert.ok(current !== undefined && help === undefined, line);
      current.samples.push(parseSample(line, current.name));
    }
  }
  for (const [name, { type, samples }] of families) {
    assert.ok(samples.length > 0, `${name} has no sample`);
    const series = samples.map(({ name, labels }) => JSON.stringify([name, labels]));
    assert.equal(new Set(series).size, series.length, `${name} has a series twice`);
    if (type === "counter") assert.ok(name.endsWith("_total"), name);
    if (type === "histogram") checkHistogram(name, samples);
  }
  return families;
}

function parseSample(line: string, family: string): ParsedSample {
  const match = SAMPLE.exec(line);
  assert.ok(match !== null, line);
  const [, name, list = "", number] = match;
  assert.match(name!, new RegExp(`^${family}(_bucket|_sum|_count)?$`), line);
  assert.match(number!, /^(\d+(\.\d+)?(e[+-]?\d+)?|\+Inf|NaN)$/, line);
  const labels: Record<string, string> = {};
  for (let rest = list; rest !== "";) {
    const label = LABEL.exec(rest);
    assert.ok(label !== null && !(label[1]! in labels), line);
    labels[label[1]!] = label[2]!;
    rest = rest.slice(label[0].length);
  }
  return { name: name!, labels, value: Number(number === "+Inf" ? Infinity : number) };
}

function checkHistogram(family: string, samples: readonly ParsedSample[]): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...own } }) => JSON.stringify(own));
  for (const [own, parts] of series) {
    const buckets = parts.filter(({ name }) => name === `${family}_bucket`);
    const bounds = buckets.map(({ labels }) => labels.le === "+Inf" ? Infinity : Number(labels.le));
    assert.deepEqual(bounds, bounds.toSorted((a, b) => a - b), own);
    assert.equal(bounds.at(-1), Infinity, own);
    const counts = buckets.map(({ value }) => value);
    assert.deepEqual(counts, counts.toSorted((a, b) => a - b), own);
    const count = parts.find(({ name }) => name === `${family}_count`);
    assert.equal(count?.value, counts.at(-1), own);
    assert.ok(parts.some(({ name }) => name === `${family}_sum`), own);
  }
}
