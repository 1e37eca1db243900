import fc from "fast-check";
import type { WriteScope } from "./cache.ts";
import type { CacheLimits } from "./options.ts";
import { SharedCacheModel, type Step } from "./testing/shared_cache_model.ts";

const WORKERS = 3;
const OBJECTS = ["a/1", "a/2", "a/", "b/1", "b/\u0100"];
const SCOPES: WriteScope[] = [
  { objects: ["a/1"] },
  { objects: ["a/1", "b/1", "a/1"] },
  { objects: ["a/2", "b/\u0100"] },
  { prefix: "a/" },
  { prefix: "a/1" },
  { prefix: "" },
];

const worker = fc.nat(WORKERS - 1);
const object = fc.constantFrom(...OBJECTS);
const variant = fc.constantFrom("", "v");
const pick = fc.nat(50);
const scope = fc.constantFrom(...SCOPES);

function step<T extends unknown[]>(
  weight: number,
  values: { [K in keyof T]: fc.Arbitrary<T[K]> },
  move: (model: SharedCacheModel, ...values: T) => void | Promise<void>,
): { weight: number; arbitrary: fc.Arbitrary<Step> } {
  const arbitrary = fc.tuple(...values as fc.Arbitrary<T[number]>[]).map((chosen): Step => {
    return (model) => move(model, ...chosen as T);
  });
  return { weight, arbitrary };
}

const program = fc.array(
  fc.oneof(
    step(6, [worker, object, variant], (m, w, o, v) => m.lookup(w, o, v)),
    step(10, [worker, object, variant], (m, w, o, v) => m.acquire(w, o, v)),
    step(4, [worker, object, variant, fc.boolean()], (m, w, o, v, u) => m.reacquire(w, o, v, u)),
    step(2, [worker, fc.nat(2)], (m, w, p) => m.follow(w, p)),
    step(3, [pick], (m, p) => m.release(p)),
    step(2, [pick], (m, p) => m.leave(p)),
    step(
      7,
      [pick, fc.constantFrom(0, 1, 300, 2_000, 5_000), fc.boolean()],
      (m, p, size, known) => m.begin(p, size, known),
    ),
    step(
      8,
      [pick, fc.constantFrom("rest" as const, "rest" as const, 0, 1, 300, 2_000)],
      (m, p, length) => m.write(p, length),
    ),
    step(6, [pick], (m, p) => m.commit(p)),
    step(2, [pick], (m, p) => m.renew(p)),
    step(1, [pick, fc.nat(9)], (m, p, code) => m.abort(p, code)),
    step(1, [worker, scope], (m, w, s) => m.beginWrite(w, s)),
    step(2, [pick], (m, p) => m.endWrite(p)),
    step(1, [worker, object, variant], (m, w, o, v) => m.drop(w, o, v)),
    step(1, [fc.integer({ min: -40, max: 60 })], (m, ms) => m.pass(ms)),
    step(1, [worker], (m, w) => m.die(w)),
  ),
  { maxLength: 200, size: "max" },
);

const limits: fc.Arbitrary<CacheLimits> = fc.record({
  maxBytes: fc.constantFrom(8_192, 16_000, 65_536),
  maxEntries: fc.constantFrom(1, 3, 100),
  maxObjectBytes: fc.constantFrom(3_500, 8_000),
  ttlMs: fc.constantFrom(100, 100_000),
  shards: fc.constantFrom(1, 3),
});

Deno.test("Workers that share a cache keep the promises of the seam in any order of their calls", async () => {
  await fc.assert(
    fc.asyncProperty(limits, program, async (limits, steps) => {
      const model = new SharedCacheModel(limits, WORKERS);
      for (const step of steps) {
        await step(model);
        model.inspect();
      }
      await model.close();
    }),
    { numRuns: 300 },
  );
});
