import assert from "node:assert/strict";
import fc from "fast-check";
import { fittingClassOf, SIZE_CLASSES, sizeClassOf, smallestOf } from "./size_class.ts";

const MAX_UNITS = 2 ** 24;
const units = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: MAX_UNITS }));

Deno.test("A size is in the class whose smallest size is the last not above it", () => {
  fc.assert(fc.property(units, (units) => {
    const sizeClass = sizeClassOf(units);
    assert(smallestOf(sizeClass) <= units);
    assert(units < smallestOf(sizeClass + 1));
  }));
  assert.equal(sizeClassOf(1), 1);
  assert(sizeClassOf(MAX_UNITS) < SIZE_CLASSES);
});

Deno.test("The fitting class is the lowest of which every block is large enough", () => {
  fc.assert(fc.property(units, (units) => {
    const fitting = fittingClassOf(units);
    assert(fitting < SIZE_CLASSES);
    assert(smallestOf(fitting) >= units);
    assert(fitting === 0 || smallestOf(fitting - 1) < units);
  }));
});

Deno.test("Classes are as wide as a 32nd of the power of two they are in, or one unit", () => {
  for (let sizeClass = 1; sizeClass < SIZE_CLASSES - 1; sizeClass++) {
    const smallest = smallestOf(sizeClass);
    assert.equal(sizeClassOf(smallest), sizeClass);
    const width = smallestOf(sizeClass + 1) - smallest;
    assert.equal(width, Math.max(1, 2 ** Math.floor(Math.log2(smallest)) / 32));
  }
});
