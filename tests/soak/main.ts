/**
 * `deno task soak`: the proxy as a process of its own under mixed load, before an origin that does
 * harm. Ends with 0 if no byte was wrong and nothing is left over.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Origin, startOrigin } from "@s3-edge-cache/sim";
import { TestClient } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_credentials.ts";
import { readFlags } from "../_flags.ts";
import { ORIGIN_CREDENTIALS } from "../e2e/_origin_process.ts";
import { startProxyProcess } from "../e2e/_proxy_process.ts";
import type { ReadShape } from "../programs/_reads.ts";
import { harm } from "./_harm.ts";
import { Ledger } from "./_ledger.ts";
import { BUCKET, keyOf, Load, OBJECTS, type Tally } from "./_load.ts";
import { readVitals, type Vitals } from "./_vitals.ts";

const FLAGS = {
  minutes: { default: 20, least: 0.1, most: 1440, text: "how long" },
  rate: { default: 100, least: 1, most: 10_000, text: "requests a second, about" },
  clients: { default: 24, least: 1, most: 1000, text: "clients at a time" },
  workers: { default: 2, least: 1, most: 64, text: "workers of the proxy" },
  "harm-ms": { default: 400, least: 10, most: 60_000, text: "milliseconds between two harms" },
} as const;

const SETTINGS: Readonly<Record<string, string>> = {
  ADMIN_ADDR: "127.0.0.1:0",
  CACHE_MAX_SIZE_BYTES: "33554432",
  CACHE_MAX_OBJECT_SIZE_BYTES: "2097152",
  CACHE_TTL_SECONDS: "15",
  UPSTREAM_FIRST_BYTE_TIMEOUT_SECONDS: "2",
  UPSTREAM_IDLE_TIMEOUT_SECONDS: "2",
  LOST_WRITE_GRACE_SECONDS: "2",
  LOG_LEVEL: "error",
};

const WHOLE: ReadShape = {
  method: "GET",
  range: undefined,
  condition: undefined,
  override: false,
  directive: undefined,
};

/** Longest wait for sockets to close and bytes to be given back, in milliseconds. */
const PATIENCE_MS = 60_000;

async function main(): Promise<void> {
  const flags = readFlags(
    "Lets the proxy run under mixed load before an origin that does harm.",
    FLAGS,
  );
  await using origin = await startOrigin({ credentials: ORIGIN_CREDENTIALS, minimumPartSize: 0 });
  await using proxy = await startProxyProcess(origin.url, {
    ...SETTINGS,
    WORKER_THREADS: String(flags.workers),
    LOG_LEVEL: "info",
  });
  const { admin } = JSON.parse(await proxy.server.line(/"message":"listening"/));
  const look = () => readVitals(proxy.server, admin);
  const before = await look();
  const tally: Tally = { requests: 0, right: 0, errors: new Map(), cut: 0, left: 0 };
  const { looks, harms } = await soak(flags, origin, proxy.url, tally, look);
  const after = await atRest(look, before);
  const rows = [["before", before], ...looks, ["at rest", after]] as const;
  console.log(tableOf(rows));
  const errors = [...tally.errors].map(([status, count]) => `${count} of ${status}`).join(", ");
  console.log(
    `${tally.requests} requests, ${tally.right} right, ${harms} harms ordered; seen of them: ` +
      `${errors || "no error"}, ${tally.cut} cut; ${tally.left} left by their clients`,
  );
  judge(before, looks.map(([, vitals]) => vitals), after);
}

/** Runs the load; gives what was seen of the proxy meanwhile, and how much harm was ordered. */
async function soak(
  flags: Readonly<Record<keyof typeof FLAGS, number>>,
  origin: Origin,
  url: string,
  tally: Tally,
  look: () => Promise<Vitals>,
): Promise<{ looks: (readonly [string, Vitals])[]; harms: number }> {
  await using client = new TestClient(url, CLIENT_CREDENTIALS);
  const stop = new AbortController();
  let mayFail = true;
  const ledger = new Ledger(origin, BUCKET);
  const load = new Load({
    client,
    ledger,
    tally,
    random: Math.random,
    mayFail: () => mayFail,
  });
  const pause = (flags.clients / flags.rate) * 1000;
  const clients = Array.from({ length: flags.clients }, async () => {
    while (!stop.signal.aborted) {
      await load.act();
      await sleep(pause * 2 * Math.random());
    }
  });
  const harmed = harm(origin, flags["harm-ms"], Math.random, stop.signal);
  const looks: (readonly [string, Vitals])[] = [];
  const minutes = (async () => {
    for (let part = 1; part <= 10; part++) {
      await sleep(flags.minutes * 6_000);
      const vitals = await look();
      looks.push([`${(flags.minutes * part / 10).toFixed(1)} min`, vitals]);
      console.log(`${tally.requests} requests, ${JSON.stringify(vitals)}`);
      origin.reset();
    }
  })();
  await Promise.race([minutes, ...clients]);
  stop.abort();
  await Promise.all(clients);
  const harms = await harmed;
  origin.reset();
  await sleep(3_000);
  mayFail = false;
  for (let number = 0; number < OBJECTS; number++) {
    await load.read(keyOf(number), WHOLE);
    await load.read(keyOf(number), WHOLE);
  }
  return { looks, harms };
}

/** Waits until nothing is held and no more sockets are open than before the first request. */
async function atRest(look: () => Promise<Vitals>, before: Vitals): Promise<Vitals> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const vitals = await look();
    const rests = vitals.held === 0 && vitals.sockets <= before.sockets;
    if (rests || performance.now() > deadline) return vitals;
    await sleep(500);
  }
}

function judge(before: Vitals, looks: readonly Vitals[], after: Vitals): void {
  assert.equal(after.held, 0, "leases, fills or writes are left over");
  assert.ok(after.sockets <= before.sockets, `${after.sockets} sockets are open`);
  const early = looks[Math.floor(looks.length / 4)]!.resident;
  assert.ok(after.resident <= early * 1.25 + 32, `${after.resident} MiB, ${early} early on`);
  assert.ok(after.hits > 0, "nothing was hit");
}

function tableOf(rows: readonly (readonly [string, Vitals])[]): string {
  const lines = rows.map(([when, { resident, sockets, held, entries, cached, hits, misses }]) =>
    `| ${[when, resident, sockets, held, entries, cached, hits, misses].join(" | ")} |`
  );
  return [
    "| when | resident MiB | sockets | held | entries | cached MiB | hits | misses |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

await main();
