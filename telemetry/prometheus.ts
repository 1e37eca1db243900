/**
 * The text of Prometheus, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @module
 */
import type { Figures } from "./figures.ts";
import { type HistogramMetric, type Labels, type Metric, METRICS } from "./metrics.ts";
import { DURATION_BOUNDS } from "./tally_memory.ts";

/** The media type of the text. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const UNIT_SUFFIX: Readonly<Record<Metric["unit"], string>> = {
  "": "",
  s: "_seconds",
  By: "_bytes",
};

/**
 * The name of a metric in Prometheus: `s3_cache_`, the name with `_` for `.`, its unit if the name
 * does not end with it, `_total` for a counter.
 *
 * @example
 * ```ts
 * import { METRICS, prometheusName } from "@s3-edge-cache/telemetry";
 * import assert from "node:assert/strict";
 *
 * const hit = METRICS.find(({ name }) => name === "cache.hit")!;
 * assert.equal(prometheusName(hit), "s3_cache_cache_hit_total");
 * ```
 */
export function prometheusName({ name, unit, kind }: Metric): string {
  const base = `s3_cache_${name.replaceAll(".", "_")}`;
  const suffix = UNIT_SUFFIX[unit];
  const withUnit = base.endsWith(suffix) ? base : base + suffix;
  return kind === "counter" ? `${withUnit}_total` : withUnit;
}

/** Every metric as text. */
export function prometheusText(figures: Figures): string {
  const lines: string[] = [];
  for (const metric of METRICS) {
    const name = prometheusName(metric);
    lines.push(`# HELP ${name} ${metric.help}`, `# TYPE ${name} ${metric.kind}`);
    if (metric.kind === "histogram") lines.push(...histogramLines(name, metric, figures));
    else {
      for (const { labels, value } of metric.read(figures)) {
        lines.push(`${name}${labelText(labels)} ${value}`);
      }
    }
  }
  return lines.join("\n") + "\n";
}

function histogramLines(name: string, metric: HistogramMetric, figures: Figures): string[] {
  return metric.read(figures).flatMap(({ labels, value: { counts, sum } }) => {
    let cumulated = 0;
    const buckets = counts.map((count, i) => {
      cumulated += count;
      const le = i < DURATION_BOUNDS.length ? String(DURATION_BOUNDS[i]) : "+Inf";
      return `${name}_bucket${labelText({ ...labels, le })} ${cumulated}`;
    });
    const own = labelText(labels);
    return [...buckets, `${name}_sum${own} ${sum}`, `${name}_count${own} ${cumulated}`];
  });
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
