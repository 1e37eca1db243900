/**
 * A browser without a window.
 *
 * @module
 */
import type { Browser } from "playwright-core";

/** Starts Chromium; it talks to nobody of its own accord. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  // Keeps a library of playwright's from looking into /proc, which takes every permission.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
