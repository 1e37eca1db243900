/**
 * Metrics by OTLP over gRPC. Loaded only where an endpoint is set: what it imports is large.
 *
 * @module
 */
import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { emptyResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { GrpcClient } from "./grpc_client.ts";
import type { OtlpExport, OtlpOptions } from "./otlp_options.ts";
import { otlpData } from "./otlp_data.ts";

/** The longest wait for a collector, in milliseconds. */
const PATIENCE_MS = 10_000;

const METHOD = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

/** Sends all metrics to a collector, again and again. See `startOtlpExport`. */
export function startExport(options: OtlpOptions): OtlpExport {
  const { intervalMs, version } = options;
  const patienceMs = Math.min(intervalMs, PATIENCE_MS);
  const reader = new PeriodicExportingMetricReader({
    exporter: exporter(options, patienceMs),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: patienceMs,
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

/**
 * Sends what it is given once, and tells how that went. Nothing is sent again: what is cumulative
 * comes with the next export.
 */
function exporter(
  { url, fields, onResult }: OtlpOptions,
  patienceMs: number,
): PushMetricExporter {
  const client = new GrpcClient(url, fields);
  return {
    async export(metrics, done) {
      const error = await attempt(client, metrics, patienceMs);
      onResult(error);
      done(error === undefined ? { code: 0 } : { code: 1, error });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(client[Symbol.dispose]()),
  };
}

async function attempt(
  client: GrpcClient,
  metrics: ResourceMetrics,
  patienceMs: number,
): Promise<Error | undefined> {
  try {
    const message = ProtobufMetricsSerializer.serializeRequest(metrics);
    if (message === undefined) throw new Error("metrics that have no form in OTLP");
    const answer = await client.call(METHOD, message, patienceMs);
    const { partialSuccess } = ProtobufMetricsSerializer.deserializeResponse(answer);
    const { rejectedDataPoints = 0, errorMessage = "no reason" } = partialSuccess ?? {};
    if (Number(rejectedDataPoints) === 0) return undefined;
    return new Error(`${rejectedDataPoints} data points rejected: ${errorMessage}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
