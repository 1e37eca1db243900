import assert from "node:assert/strict";
import { SETTINGS } from "@s3-edge-cache/proxy";

Deno.test("task start may read the settings, and no other variable", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const allowed = /--allow-env=(\S+)/.exec(config.tasks.start.command)?.[1]?.split(",") ?? [];
  assert.deepEqual(allowed.toSorted(), Object.keys(SETTINGS).toSorted());
});
