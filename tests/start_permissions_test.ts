import assert from "node:assert/strict";
import { SETTINGS } from "@s3-edge-cache/proxy";

/** Variables of gRPC and of OTLP's exporter. */
const LIBRARIES = [
  "GRPC_*",
  "grpc_proxy",
  "http_proxy",
  "https_proxy",
  "no_grpc_proxy",
  "no_proxy",
  "OTEL_EXPORTER_OTLP_*",
];

Deno.test("task start may read the settings, what its libraries read, and no other variable", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const allowed = /--allow-env=(\S+)/.exec(config.tasks.start.command)?.[1]?.split(",") ?? [];
  assert.deepEqual(allowed.toSorted(), [...Object.keys(SETTINGS), ...LIBRARIES].toSorted());
});
