import assert from "node:assert/strict";
import { e2eTest } from "./_tools.ts";

e2eTest("The simulator's policies have the hit rates of libCacheSim's", ["python"], async (
  _t,
  { python },
) => {
  const required = Deno.env.get("S3_EDGE_CACHE_E2E") === "required";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["task", "sim:yardsticks", "--python", python, "--requests", "200000"],
      ...required ? ["--required"] : [],
    ],
  }).output();
  const [table, told] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(code, 0, `${table}${told}`);
  assert.match(`${table}${told}`, required ? /^All are within 1 point/m : /^(All are|skipped: )/m);
});
