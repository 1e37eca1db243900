import assert from "node:assert/strict";
import fc from "fast-check";
import { type EntryKey, entryKey, hashPrefix } from "./entry_key.ts";
import { type Barred, type BarrierKind, WRITE_TABLE_WORDS, WriteTable } from "./write_table.ts";

function emptyTable(): WriteTable {
  return new WriteTable(new Int32Array(new SharedArrayBuffer(WRITE_TABLE_WORDS * 4)));
}

function object(name: string): Barred {
  const { high, low } = entryKey(name, "");
  return { high, low, length: undefined };
}

function prefix(name: string): Barred {
  return { ...hashPrefix(name, name.length), length: name.length };
}

/** A key with hashes of one's choice, so that searches collide. */
function colliding(high: number, low: number): EntryKey {
  return { ...entryKey("object", ""), high, low };
}

Deno.test("WriteTable bars objects and prefixes until the last barrier is down", () => {
  const table = emptyTable();
  const [a, ab] = [entryKey("a", "v"), entryKey("ab", "")];
  assert.equal(table.add(0, object("a")), "cell");
  assert.equal(table.add(0, object("a")), "cell");
  assert.equal(table.add(1, object("a")), "cell");
  assert.equal(table.add(1, prefix("ab")), "cell");
  assert.deepEqual([table.bars(a), table.bars(ab), table.bars(entryKey("b", ""))], [
    true,
    true,
    false,
  ]);
  table.remove(0, object("a"), "cell");
  table.remove(1, object("a"), "cell");
  assert.equal(table.bars(a), true);
  table.remove(0, object("a"), "cell");
  assert.deepEqual([table.bars(a), table.bars(ab)], [false, true]);
  table.remove(1, prefix("ab"), "cell");
  assert.equal(table.bars(ab), false);
  table.audit();
});

for (
  const [what, barred, most] of [["objects", object, 3_072], ["prefixes", prefix, 64]] as const
) {
  Deno.test(`WriteTable bars everything where it has no cell for more ${what}`, () => {
    const table = emptyTable();
    for (let i = 0; i < most; i++) assert.equal(table.add(0, barred(`${i}`)), "cell");
    assert.equal(table.bars(entryKey("other", "")), false);
    assert.equal(table.add(0, barred("0")), "cell");
    assert.equal(table.add(0, barred("more")), "global");
    assert.equal(table.add(1, barred("0")), "global");
    assert.equal(table.bars(entryKey("other", "")), true);
    table.audit();
    table.remove(0, barred("more"), "global");
    assert.equal(table.bars(entryKey("other", "")), true);
    const bequests = [1, 0].map((worker) => table.bequeath(worker, 9));
    assert.deepEqual(bequests.map((standing) => standing.length), [1, most + 1]);
    assert.equal(table.bars(entryKey("other", "")), true);
    for (const { barred, kind } of bequests[0]!) table.remove(9, barred, kind);
    assert.equal(table.bars(entryKey("other", "")), false);
    assert.equal(table.bars(entryKey("0", "")), true);
    for (const { barred, kind } of bequests[1]!) table.remove(9, barred, kind);
    assert.equal(table.bars(entryKey("0", "")), false);
    table.audit();
  });
}

Deno.test("WriteTable finds every barrier in any order of its calls, where all searches collide", () => {
  const step = fc.record({
    worker: fc.nat(2),
    high: fc.nat(2),
    low: fc.constantFrom(0, 1, 2, 4_095, 4_094, 8_191),
    kind: fc.constantFrom("add", "add", "add", "remove", "remove", "bequeath"),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
    const table = emptyTable();
    let held: { worker: number; barred: Barred; kind: BarrierKind }[] = [];
    for (const { worker, high, low, kind } of steps) {
      if (kind === "bequeath") {
        const standing = table.bequeath(worker, 9).map((one) => ({ ...one, worker: 9 }));
        const left = held.filter((one) => one.worker !== worker);
        assert.equal(left.length + standing.length, held.length);
        held = [...left, ...standing];
      } else if (kind === "add") {
        const barred = { high, low, length: undefined };
        held.push({ worker, barred, kind: table.add(worker, barred) });
      } else {
        const [one] = held.splice((high * 7 + low) % (held.length || 1), 1);
        if (one !== undefined) table.remove(one.worker, one.barred, one.kind);
      }
      table.audit();
      for (const high of [0, 1, 2]) {
        for (const low of [0, 1, 2, 4_095, 4_094, 8_191]) {
          const barred = held.some((one) => one.barred.high === high && one.barred.low === low);
          assert.equal(table.bars(colliding(high, low)), barred);
        }
      }
    }
  }));
});
