/**
 * A comparison as one page of HTML, with nothing from outside and no script.
 *
 * @module
 */
import type { ComparedRun, Comparison } from "../comparison.ts";
import { formatBytes } from "../flags/byte_size.ts";
import { FLAGS, type Settings } from "../flags/flags.ts";
import { byteHitRateChart, costChart, hitRateChart, latencyChart } from "./charts.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { percent } from "./run_report.ts";

/** The page. */
export function comparisonPage(comparison: Comparison): string {
  const { settings, runs } = comparison;
  const [first] = runs as readonly [ComparedRun];
  const cards = [
    chart("Hit rate", "Reads answered from the cache.", hitRateChart(comparison)),
    chart("Byte hit rate", "Bytes answered from the cache.", byteHitRateChart(comparison)),
    chart(
      "Cost of the origin",
      `At ${count(comparison.requestsPerDay)} requests a day, ` +
        `${settings["price-per-1000-requests"]} $ a thousand and ` +
        `${settings["price-per-gb"]} $ a gigabyte.`,
      costChart(comparison),
    ),
    chart(
      "Latency",
      `Reads answered within a time, by ${first.policy}: hits take none.`,
      latencyChart(comparison),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cache simulation</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>Cache simulation</h1>
<p>${escape(about(settings))}</p>
<div class="tiles">${tiles(comparison)}</div>
<div class="charts">${cards.join("\n")}</div>
<div class="table">${table(runs)}</div>
<footer><p>Again: <code>${escape(commandOf(settings))}</code></p></footer>
</body>
</html>
`;
}

/** What the requests are, in a sentence. */
function about(settings: Settings): string {
  if (settings.trace !== undefined) return `The trace ${settings.trace}.`;
  const pattern = settings.pattern === "zipf"
    ? `Zipf ${settings["zipf-exponent"]}`
    : settings.pattern;
  const [least, most] = [settings["min-object-size"], settings["max-object-size"]].map(formatBytes);
  return `${count(settings["num-requests"])} reads of ${
    count(settings["num-objects"])
  } objects of ` +
    `${least} to ${most}, ${pattern}; an origin of ${settings["latency-ms"]} ms and ` +
    `${formatBytes(settings["throughput-bytes-per-sec"])}/s.`;
}

function tiles({ runs, uniqueKeys, uniqueBytes, dollarsPerDayUncached }: Comparison): string {
  const [first] = runs as readonly [ComparedRun];
  const own = runs.filter(({ policy }) => policy === first.policy);
  const largest = own.at(-1)!;
  const keys = uniqueKeys.actual ?? uniqueKeys.estimated;
  const saved = dollarsPerDayUncached - largest.dollarsPerDay;
  return [
    tile(count(first.requests), "requests"),
    tile(
      formatBytes(uniqueBytes.actual ?? uniqueBytes.estimated),
      `in ${count(keys)} different objects`,
    ),
    tile(
      percent(largest.hitRate),
      `hits with ${formatBytes(largest.maxBytes)}, ${percent(own[0]!.hitRate)} with ` +
        formatBytes(own[0]!.maxBytes),
    ),
    tile(
      `${saved.toFixed(2)} $`,
      `saved a day with ${formatBytes(largest.maxBytes)}, of ${dollarsPerDayUncached.toFixed(2)} $`,
    ),
  ].join("");
}

function tile(figure: string, meaning: string): string {
  return `<div class="tile"><b>${escape(figure)}</b><span>${escape(meaning)}</span></div>`;
}

function chart(title: string, meaning: string, svg: string): string {
  return `<section class="chart"><h2>${escape(title)}</h2><p>${
    escape(meaning)
  }</p>${svg}</section>`;
}

function table(runs: readonly ComparedRun[]): string {
  const heads = ["Cache", "Policy", "Hits", "Byte hits", "p50 ms", "p99 ms", "Mean ms"];
  const cells = runs.map((run) => [
    formatBytes(run.maxBytes),
    run.policy,
    percent(run.hitRate),
    percent(run.byteHitRate),
    run.latencyMs.p50.toFixed(2),
    run.latencyMs.p99.toFixed(2),
    run.latencyMs.mean.toFixed(2),
    count(run.upstreamRequests),
    formatBytes(run.upstreamBytes),
    `${run.dollarsPerDay.toFixed(2)} $`,
  ]);
  const head = [...heads, "Upstream", "Bytes", "A day"].map((each) => `<th>${each}</th>`).join("");
  const rows = cells.map((row) => `<tr>${row.map((each) => `<td>${escape(each)}</td>`).join("")}`);
  return `<table><thead><tr>${head}</thead><tbody>${rows.join("\n")}</tbody></table>`;
}

/** The command that gives the same page: every flag whose value is not its default. */
function commandOf(settings: Settings): string {
  const flags = Object.entries(settings).flatMap(([name, value]) => {
    const usual = FLAGS[name as keyof Settings].default;
    const text = Array.isArray(value) ? value.join() : String(value);
    if (value === undefined || text === usual || Number(text) === Number(usual)) return [];
    return value === true ? [`--${name}`] : [`--${name} ${text}`];
  });
  return ["deno task sim", ...flags].join(" ");
}

/** A number with its thousands apart. */
function count(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return text.replace(/[&<>]/g, (character) => entities[character]!);
}
