import assert from "node:assert/strict";
import fc from "fast-check";
import { Ghost, GHOST_WORDS, type GhostTable, indexLength } from "./ghost.ts";

const LENGTH = 200;
const GHOSTS = 3;

/** Room for a few ghosts; the one in the middle is tested. */
function emptyGhosts(): GhostTable {
  return {
    length: LENGTH,
    words: new Int32Array(GHOSTS * GHOST_WORDS),
    high: new Int32Array(GHOSTS * LENGTH),
    low: new Int32Array(GHOSTS * LENGTH),
    live: new Uint8Array(GHOSTS * LENGTH),
    cells: new Int32Array(GHOSTS * indexLength(LENGTH)),
  };
}

/** Hashes of a key: many share a home in the index, and each has its rivals in either hash. */
function hashesOf(key: number): [high: number, low: number] {
  return [key & 3, ((key >> 2) % 7) * 0x40000 + (key >> 5)];
}

Deno.test("Ghost remembers the last keys pushed, less those taken", () => {
  const step = fc.record({
    do: fc.constantFrom("push", "push", "push", "take"),
    key: fc.nat(600),
    otherLimit: fc.oneof(
      { weight: 100, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 5, 200) },
    ),
  });
  const limits = fc.constantFrom(0, 1, 5, 63, 64, 65, 200);
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 600, size: "max" }), (usual, program) => {
      const ghost = new Ghost(emptyGhosts(), 1);
      let model: (string | undefined)[] = [];
      for (const { do: verb, key, otherLimit } of program) {
        const limit = otherLimit ?? usual;
        const [high, low] = hashesOf(key);
        const name = `${high}/${low}`;
        const at = model.indexOf(name);
        if (verb === "take") assert.equal(ghost.take(high, low), at >= 0);
        else ghost.push(high, low, limit);
        if (at >= 0) model[at] = undefined;
        if (verb === "push") model = limit === 0 ? [] : [...model, name].slice(-limit);
        ghost.audit();
        assert.equal(ghost.entries, model.filter((held) => held !== undefined).length);
      }
      for (let key = 0; key <= 600; key++) {
        const [high, low] = hashesOf(key);
        const at = model.indexOf(`${high}/${low}`);
        assert.equal(ghost.take(high, low), at >= 0);
        if (at >= 0) model[at] = undefined;
      }
      assert.equal(ghost.entries, 0);
      ghost.audit();
    }),
    { numRuns: 200 },
  );
});

Deno.test("Ghost tells keys apart that share one hash", () => {
  const ghost = new Ghost(emptyGhosts(), 1);
  ghost.push(1, 2, 10);
  assert.equal(ghost.take(1, 3), false);
  assert.equal(ghost.take(2, 2), false);
  assert.equal(ghost.take(1, 2), true);
  assert.equal(ghost.take(1, 2), false);
});
