import assert from "node:assert/strict";
import { foresee } from "./foreseen.ts";
import { workload } from "./workload.ts";

Deno.test("Each request is told which will be the next of its object", async () => {
  const source = await foresee(workload({
    objects: 50,
    minBytes: 1,
    maxBytes: 1,
    pattern: "zipf",
    zipfExponent: 1,
    oneHitWonders: 0.1,
    requests: 10_000,
    seed: 3,
  }));
  assert.equal(source.foreseen, true);
  assert.equal(await foresee(source), source);
  const requests = (await Array.fromAsync(source.batches())).flat();
  const next = new Map<string, number>();
  for (const [i, request] of [...requests.entries()].reverse()) {
    assert.equal(request.nextUse, next.get(request.key) ?? Infinity);
    next.set(request.key, i);
  }
});
