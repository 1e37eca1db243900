import assert from "node:assert/strict";
import { residentBound } from "./churn_command.ts";
import { unexplained } from "./kills_command.ts";

Deno.test("a failure is explained by a death that it overlaps, however little", () => {
  const dyings = [{ from: 100, to: 200 }, { from: 500, to: 600 }];
  const at = (from: number, to: number) => ({ from, to, reason: `${from} to ${to}` });
  const explained = [at(50, 100), at(200, 250), at(120, 130), at(0, 900)];
  const others = [at(50, 99), at(201, 499), at(601, 700)];
  assert.deepEqual(unexplained([...explained, ...others], dyings), others);
});

Deno.test("what may be resident: the cache and a seventh, 150 MiB, and 60 a worker", () => {
  assert.equal(Math.round(residentBound(256 * 2 ** 20, 2) / 2 ** 20), 564);
});
