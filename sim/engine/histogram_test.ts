import assert from "node:assert/strict";
import fc from "fast-check";
import { Histogram } from "./histogram.ts";

Deno.test("Quantiles are within 0.2 % of the true ones", () => {
  const value = fc.double({ min: 0.001, max: 1e6, noNaN: true });
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), (values) => {
    const histogram = new Histogram();
    for (const each of values) histogram.add(each);
    const sorted = values.toSorted((a, b) => a - b);
    for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
      const truth = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!;
      const told = histogram.quantile(share);
      assert(Math.abs(told - truth) <= truth * 0.002, `${share}: ${told}, ${truth}`);
    }
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    assert(Math.abs(histogram.mean - mean) <= mean * 1e-9);
  }));
});

Deno.test("The whole distribution ends with all values, in few points", () => {
  const histogram = new Histogram();
  for (let i = 0; i < 1_000; i++) histogram.add(i < 500 ? 0 : i);
  const points = histogram.percentiles(50);
  assert.deepEqual(points[0], { share: 0.5, value: 0 });
  assert.equal(points.at(-1)!.share, 1);
  assert(points.length <= 51);
  assert.equal(new Histogram().quantile(0.5), 0);
});
