/**
 * Metrics by OTLP over gRPC. Loaded only where an endpoint is set: what it imports is large and
 * looks at the environment.
 *
 * @module
 */
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { emptyResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import type { OtlpExport, OtlpOptions } from "./otlp_options.ts";
import { otlpData } from "./otlp_data.ts";

/** The longest wait for a collector, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Sends all metrics to a collector, again and again. See `startOtlpExport`. */
export function startExport(options: OtlpOptions): OtlpExport {
  const { url, intervalMs, version } = options;
  const reader = new PeriodicExportingMetricReader({
    exporter: reporting(new OTLPMetricExporter({ url }), options.onResult),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(intervalMs, PATIENCE_MS),
    metricProducers: [producer(options)],
  });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      "service.name": "s3-edge-cache",
      "service.version": version,
      "service.instance.id": options.instance,
    }),
    readers: [reader],
  });
  return { stop: () => provider.shutdown().catch(() => {}) };
}

/** Nothing is counted by the SDK: the figures are there, they are only put into its words. */
function producer({ figures, now, version }: OtlpOptions): MetricProducer {
  const scope = { name: "s3-edge-cache", version };
  return {
    collect: () =>
      Promise.resolve({
        resourceMetrics: {
          resource: emptyResource(),
          scopeMetrics: [{ scope, metrics: otlpData(figures(), now()) }],
        },
        errors: [],
      }),
  };
}

/** The same exporter; each result is told. */
function reporting(
  exporter: PushMetricExporter,
  onResult: OtlpOptions["onResult"],
): PushMetricExporter {
  return {
    export: (metrics, done) =>
      exporter.export(metrics, (result) => {
        onResult(result.code === 0 ? undefined : result.error ?? new Error("export failed"));
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: (type) => exporter.selectAggregationTemporality!(type),
  };
}
