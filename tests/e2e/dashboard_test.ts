import assert from "node:assert/strict";
import { type Origin, startOrigin } from "@s3-edge-cache/sim";
import type { Page } from "playwright-core";
import { TestClient } from "../_client.ts";
import { eventually } from "../_eventually.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { startRunning } from "../_running.ts";
import { startBrowser } from "./_browser.ts";
import { e2eTest } from "./_tools.ts";

/** Where screenshots go; none are made if it is not set. */
const SHOTS = Deno.env.get("DASHBOARD_SHOTS");

/** How long the load runs before screenshots are made, in milliseconds. */
const WARM_UP_MS = SHOTS === undefined ? 0 : 60_000;

const VIEWS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", deviceScaleFactor: 2 },
} as const;

function fillOrigin(origin: Origin): void {
  for (let i = 0; i < 400; i++) {
    origin.put("photos", `albums/2026/${i}.jpg`, "x".repeat(2_000 + (i * 7_919) % 60_000));
  }
  for (let i = 0; i < 50; i++) origin.put("models", `bert/layer-${i}.bin`, "y".repeat(200_000));
}

/** Reads objects, some of them often, until it is told to stop. */
async function load(url: string, seed: number, stop: AbortSignal): Promise<void> {
  await using client = new TestClient(url, CLIENT_CREDENTIALS);
  for (let roll = seed; !stop.aborted;) {
    roll = roll * 48_271 % 2_147_483_647;
    const rank = Math.floor(400 * (roll / 2_147_483_647) ** 3);
    const [photo, layer] = [`photos/albums/2026/${rank}.jpg`, `models/bert/layer-${rank % 50}.bin`];
    await client.get(`/${roll % 10 < 8 ? photo : layer}`);
    await new Promise((resolve) => setTimeout(resolve, 3 + roll % 7));
  }
}

/** The text of an element. */
async function text(page: Page, id: string): Promise<string> {
  return (await page.locator(`#${id}`).textContent())!;
}

e2eTest("the dashboard in a browser", ["chromium"], async (t, { chromium }) => {
  await using origin = await startOrigin({ buckets: ["photos", "models"] });
  fillOrigin(origin);
  await using proxy = await startRunning(origin, {
    WORKER_THREADS: "2",
    CACHE_MAX_SIZE_BYTES: "12000000",
    CACHE_MAX_OBJECT_SIZE_BYTES: "1000000",
  });
  await using stack = new AsyncDisposableStack();
  const browser = await startBrowser(chromium);
  stack.defer(() => browser.close());
  const stop = new AbortController();
  const loads = Promise.all([3, 5, 7, 11].map((seed) => load(proxy.url, seed, stop.signal)));
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  origin.fault({}, { kind: "hang_up" }, 40);

  for (const [name, view] of Object.entries(VIEWS)) {
    await t.step(`${name}: live under load, no error, nothing from elsewhere`, async () => {
      const page = await browser.newPage(view);
      const faults: string[] = [];
      page.on("console", (message) => faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("request", (request) => {
        const { origin: from, protocol } = new URL(request.url());
        if (from !== proxy.adminUrl && protocol !== "data:") faults.push(request.url());
      });
      await page.goto(`${proxy.adminUrl}/`);
      await page.waitForSelector("#state.live");
      const hits = await text(page, "hits");
      await eventually(async () => await text(page, "hits") !== hits, "the page goes on");
      await eventually(
        async () => (await text(page, "events")).includes("can't be reached"),
        "the errors are listed",
      );
      assert.ok((await page.locator("#hottest tr").count()) > 5);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.ok(Number(width) <= view.viewport.width, `${width} pixels wide`);
      if (SHOTS !== undefined) {
        await page.screenshot({ path: `${SHOTS}/dashboard-${name}.png`, fullPage: true });
      }
      assert.deepEqual(faults, []);
      await page.close();
    });
  }

  await t.step("its numbers are those of /stats", async () => {
    stop.abort();
    await loads;
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(`${proxy.adminUrl}/`);
    await page.waitForSelector("#state.live");
    const stats = await (await fetch(`${proxy.adminUrl}/stats`)).json();
    const number = async (id: string) => Number((await text(page, id)).replaceAll(",", ""));
    assert.equal(await number("hits"), stats.hits);
    assert.equal(await number("misses"), stats.misses);
    assert.equal(await number("saved-requests"), stats.savedRequests);
    assert.equal(await number("entries"), stats.cache.entries);
    assert.equal(await text(page, "hit-rate"), `${Math.round(1000 * stats.hitRate) / 10} %`);
    assert.equal(await text(page, "max-bytes"), "12 MB");
    await page.fill("input[name=bucket]", "photos");
    await page.fill("input[name=key]", "albums/2026/0.jpg");
    await page.click("text=Explain");
    await page.waitForSelector("#explanation:not([hidden])");
    await eventually(
      async () => (await text(page, "explanation")).includes('"held": true'),
      "the key is explained",
    );
  });
});
