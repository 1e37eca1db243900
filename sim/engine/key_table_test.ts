import assert from "node:assert/strict";
import fc from "fast-check";
import { ABSENT, KeyTable } from "./key_table.ts";

Deno.test("A table of keys does what a map does, also where hashes collide and it grows", () => {
  const step = fc.record({ do: fc.constantFrom("set", "set", "delete"), key: fc.nat(1_500) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 4_000, size: "max" }), fc.nat(4), (steps, bits) => {
      const table = new KeyTable();
      const model = new Map<number, number>();
      // Few low bits: long runs, which wrap around the end.
      const low = (key: number): number => (key << bits) - 3;
      for (const [i, { do: what, key }] of steps.entries()) {
        if (what === "set") {
          table.set(key, low(key), i + 1);
          model.set(key, i + 1);
        } else {
          table.delete(key, low(key));
          model.delete(key);
        }
      }
      assert.equal(table.size, model.size);
      for (let key = 0; key <= 1_500; key++) {
        assert.equal(table.get(key, low(key)), model.get(key) ?? ABSENT);
      }
    }),
    { numRuns: 30 },
  );
});
