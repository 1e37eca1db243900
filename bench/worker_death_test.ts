import assert from "node:assert/strict";
import { readConfig, type RunningProxy, startProxy } from "@s3-edge-cache/proxy";
import { CheckedLoad } from "./checked_load.ts";
import { BenchOrigin } from "./origin.ts";
import { proxySettings } from "./proxy_target.ts";
import { type Death, WATCHED_WORKER, WorkerWatch } from "./worker_watch.ts";

const CLIENTS = 8;

function serveOrigin(): Disposable & { url: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const origin = new BenchOrigin("multipart");
  (async () => {
    for await (const connection of listener) origin.serve(connection);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]: () => listener.close(),
  };
}

function start(origin: string): Promise<RunningProxy> {
  const setup = { origin, mode: "fill", workers: 2, cacheBytes: 20_000_000 } as const;
  const settings: Record<string, string> = {
    ...proxySettings(setup, 0),
    CACHE_MAX_OBJECT_SIZE_BYTES: "2000000",
  };
  return startProxy(readConfig((name) => settings[name]), { worker: WATCHED_WORKER });
}

/** How long a test waits at most before it fails, in milliseconds. */
const PATIENCE_MS = 60_000;

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("it did not come to be");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

for (const death of ["throw", "close", "memory"] satisfies Death[]) {
  Deno.test(`a worker that dies (${death}) is replaced; only what it was serving fails`, async () => {
    using origin = serveOrigin();
    await using proxy = await start(origin.url);
    using watch = new WorkerWatch();
    const load = new CheckedLoad(proxy.url);
    let ended = false;
    const running = load.run(CLIENTS).finally(() => ended = true);
    await until(() => ended || load.reads > 300);
    const from = performance.now();
    await watch.kill(1, death);
    const to = performance.now();
    const before = load.reads;
    await until(() => ended || load.reads > before + 300);
    load.end();
    await until(() => ended);
    await running;
    for (const failure of load.failures) {
      assert.ok(failure.to >= from && failure.from <= to, failure.reason);
    }
    assert.ok(load.writes > 0);
    await until(() => {
      const { leases, fills, writes } = proxy.stats()!;
      return leases + fills + writes === 0;
    });
  });
}
