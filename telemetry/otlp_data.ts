/**
 * The metrics in the words of OpenTelemetry.
 *
 * @module
 */
import { type HrTime, ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram as OtlpHistogram,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import type { Figures } from "./figures.ts";
import { type Metric, METRICS, type Sample } from "./metrics.ts";
import { DURATION_BOUNDS } from "./tally_memory.ts";
import type { Histogram } from "./tally_sums.ts";

/**
 * Every metric, under the name that it has in the table.
 *
 * @param figures What they are read from.
 * @param now The time, in milliseconds since the epoch.
 */
export function otlpData(figures: Figures, now: number): MetricData[] {
  const times = { startTime: hrTime(figures.startedAt), endTime: hrTime(now) };
  const points = <V, O>(samples: readonly Sample<V>[], convert: (value: V) => O): DataPoint<O>[] =>
    samples.map(({ labels, value }) => ({ ...times, attributes: labels, value: convert(value) }));
  return METRICS.map((metric): MetricData => {
    const base = { descriptor: descriptor(metric), aggregationTemporality: CUMULATIVE };
    switch (metric.kind) {
      case "histogram": {
        const dataPoints = points(metric.read(figures), otlpHistogram);
        return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
      }
      case "counter": {
        const dataPoints = points(metric.read(figures), Number);
        return { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
      }
      case "gauge": {
        const dataPoints = points(metric.read(figures), Number);
        return { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
      }
    }
  });
}

const CUMULATIVE = AggregationTemporality.CUMULATIVE;

function descriptor({ name, help, unit }: Metric): MetricData["descriptor"] {
  return { name, description: help, unit, valueType: ValueType.DOUBLE };
}

function otlpHistogram({ counts, sum }: Histogram): OtlpHistogram {
  return {
    buckets: { boundaries: [...DURATION_BOUNDS], counts: [...counts] },
    sum,
    count: counts.reduce((total, count) => total + count, 0),
  };
}

function hrTime(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6];
}
