import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { compare } from "../comparison.ts";
import { readCommandLine } from "../flags/command_line.ts";
import { plannedRequests } from "../plan.ts";
import { createProgress } from "../progress.ts";
import { comparisonPage } from "./page.ts";

const silent = createProgress({
  terminal: false,
  interval: 0,
  source: { length: 0 },
  write: () => {},
});

/** What the test asks of a parsed page. */
interface Page {
  querySelectorAll(selector: string): ArrayLike<{ readonly textContent: string }>;
}

async function pageOf(...args: string[]): Promise<{ html: string; page: Page }> {
  const commandLine = readCommandLine(["--num-requests", "3000", "--report", "<b>&.html", ...args]);
  const html = comparisonPage(
    await compare(commandLine, await plannedRequests(commandLine), silent),
  );
  const { document: page } = parseHTML(html) as unknown as { document: Page };
  return { html, page };
}

function texts(page: Page, selector: string): string[] {
  return Array.from(page.querySelectorAll(selector), ({ textContent }) => textContent);
}

Deno.test("The page has four charts, and a row for each policy and size", async () => {
  const { page } = await pageOf("--policies", "s3-fifo,lru", "--cache-max-size", "1MB,80MB,3GB");
  assert.equal(texts(page, ".chart > figure").length, 4);
  assert.deepEqual(texts(page, "tbody tr td:nth-child(1)"), [
    ...["1 MB", "1 MB", "80 MB", "80 MB", "3 GB", "3 GB"],
  ]);
  assert.deepEqual(texts(page, "tbody tr:nth-child(-n+2) td:nth-child(2)"), ["s3-fifo", "lru"]);
  const ticks = texts(page, '.chart:first-child [aria-label="x-axis tick label"] text');
  assert.deepEqual(ticks, ["1 MB", "80 MB", "3 GB"]);
  const tips = texts(page, ".chart:first-child title");
  assert.equal(tips.length, 6);
  assert(tips.every((tip) => /^(s3-fifo|lru), \d+ [MG]B: \d+\.\d %$/.test(tip)), tips[0]!);
});

Deno.test("One size is shown among sizes around it", async () => {
  const { page } = await pageOf("--cache-max-size", "8MB");
  const sizes = ["1 MB", "2 MB", "4 MB", "8 MB", "16 MB", "32 MB", "64 MB"];
  assert.deepEqual(texts(page, "tbody tr td:nth-child(1)"), sizes);
});

Deno.test("The page needs nothing from outside, runs nothing, and repeats its command", async () => {
  const { html, page } = await pageOf("--zipf-exponent", "1.5", "--cache-shards", "4");
  const addresses = new Set(html.match(/\w+:\/\/[^"\s<)]+/g));
  assert.deepEqual([...addresses].filter((each) => !each.startsWith("http://www.w3.org/")), []);
  assert.doesNotMatch(html, /<script|<link|@import|url\(/i);
  assert.deepEqual(texts(page, "footer code"), [
    "deno task sim --zipf-exponent 1.5 --num-requests 3000 --report <b>&.html",
  ]);
});
