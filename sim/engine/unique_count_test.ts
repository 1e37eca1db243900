import assert from "node:assert/strict";
import { simRequest } from "../workload/sim_request.ts";
import { UniqueCount } from "./unique_count.ts";

Deno.test("An object counts once, with the size that it is first read with", () => {
  const unique = new UniqueCount();
  unique.add(simRequest(0, "write", "a", 0));
  unique.add(simRequest(1, "read", "a", 1000));
  unique.add(simRequest(2, "read", "a", 3000));
  unique.add(simRequest(3, "head", "b", 0));
  unique.add(simRequest(4, "read", "c", 500));
  assert.deepEqual(unique.keys(), { actual: 2, estimated: 2 });
  assert.equal(unique.bytes().actual, 1500);
});
