/**
 * The curves of a comparison, as SVG that needs no script and takes its ink from the page around it.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { ComparedRun, Comparison } from "../comparison.ts";
import { formatBytes } from "../flags/byte_size.ts";
import { percent } from "./run_report.ts";

const WIDTH = 520;
const HEIGHT = 340;

/** Share of the reads that the latency chart shows; the slowest are beyond it. */
const MOST_SHARE = 0.999;

/** Hit rate over cache size, a line for each policy, as HTML. */
export function hitRateChart({ runs }: Comparison): string {
  return curves(runs, (run) => 100 * run.hitRate, {
    label: "hit rate, % of the reads",
    tip: (run) => percent(run.hitRate),
  });
}

/** Byte hit rate over cache size, a line for each policy, as HTML. */
export function byteHitRateChart({ runs }: Comparison): string {
  return curves(runs, (run) => 100 * run.byteHitRate, {
    label: "byte hit rate, % of the bytes read",
    tip: (run) => percent(run.byteHitRate),
  });
}

/** Cost of the origin a day over cache size, a line for each policy, as HTML. */
export function costChart({ runs, dollarsPerDayUncached }: Comparison): string {
  const without = [
    Plot.ruleY([0], { strokeOpacity: 0.4 }),
    Plot.ruleY([dollarsPerDayUncached], { stroke: "currentColor", strokeDasharray: "4 4" }),
    Plot.text([dollarsPerDayUncached], {
      y: (dollars: number) => dollars,
      text: () => "without a cache",
      frameAnchor: "left",
      textAnchor: "start",
      dx: 4,
      dy: -7,
    }),
  ];
  return curves(runs, (run) => run.dollarsPerDay, {
    label: "origin, $ a day",
    tip: (run) => `${run.dollarsPerDay.toFixed(2)} $ a day`,
    marks: without,
  });
}

/** Share of the reads that were answered within a time: a line for each size, of one policy. */
export function latencyChart({ runs, latencies }: Comparison): string {
  const [{ policy }] = runs as readonly [ComparedRun];
  const points = runs.flatMap((run, i) =>
    run.policy !== policy
      ? []
      : latencies[i]!.filter(({ share }) => share <= MOST_SHARE).map(({ value, share }) => ({
        size: formatBytes(run.maxBytes),
        ms: value,
        share: 100 * share,
      }))
  );
  const sizes = [...new Set(points.map(({ size }) => size))];
  return html({
    x: { label: "answered within, ms", nice: true },
    y: { label: `% of the reads, ${policy}`, domain: [0, 100], grid: true },
    color: { legend: true, domain: sizes, type: "ordinal", scheme: "viridis", range: [0.3, 0.85] },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      Plot.line(points, {
        x: "ms",
        y: "share",
        stroke: "size",
        curve: "step-after",
        strokeWidth: 2,
      }),
    ],
  });
}

interface CurveOptions {
  readonly label: string;
  readonly tip: (run: ComparedRun) => string;
  readonly marks?: readonly Plot.Markish[];
}

/** A figure over cache size, a line for each policy. */
function curves(
  runs: readonly ComparedRun[],
  figure: (run: ComparedRun) => number,
  { label, tip, marks = [] }: CurveOptions,
): string {
  const sizes = [...new Set(runs.map(({ maxBytes }) => maxBytes))];
  const policies = [...new Set(runs.map(({ policy }) => policy))];
  // A scale by powers of two; a logarithmic one of D3 leaves out labels as it sees fit.
  const power = ({ maxBytes }: ComparedRun): number => Math.log2(maxBytes);
  // The first policy is drawn last: above the others.
  const rows = runs.toReversed();
  const place = { x: power, y: figure, stroke: "policy" } as const;
  return html({
    x: {
      label: "cache size",
      ticks: sizes.map((size) => Math.log2(size)),
      tickFormat: (power: number) => formatBytes(Math.round(2 ** power)),
    },
    y: { label, grid: true, nice: true },
    color: { domain: policies },
    symbol: { legend: true, domain: policies },
    marks: [
      ...marks,
      Plot.line(rows, { ...place, strokeWidth: 2 }),
      Plot.dot(rows, {
        ...place,
        symbol: "policy",
        title: (run: ComparedRun) => `${run.policy}, ${formatBytes(run.maxBytes)}: ${tip(run)}`,
      }),
    ],
  });
}

function html(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<html></html>") as unknown as { document: never };
  const drawn = Plot.plot({
    ...options,
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 50,
    marginRight: 30,
    marginBottom: 40,
    style: { fontSize: "13px" },
  });
  return drawn.outerHTML;
}
