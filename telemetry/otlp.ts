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
  const { url, fields, intervalMs, version } = options;
  const patienceMs = Math.min(intervalMs, PATIENCE_MS);
  const client = new GrpcClient(url, fields);
  const reader = new PeriodicExportingMetricReader({
    exporter: exporter(client, options, patienceMs),
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
  return {
    stop: async () => {
      // It waits for the send that runs, and then sends once more.
      const late = setTimeout(() => client[Symbol.dispose](), patienceMs);
      await provider.shutdown().catch(() => {});
      clearTimeout(late);
    },
  };
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
  client: GrpcClient,
  { fields, onResult }: OtlpOptions,
  patienceMs: number,
): PushMetricExporter {
  return {
    async export(metrics, done) {
      const fault = await attempt(client, metrics, patienceMs);
      const error = fault === undefined ? undefined : new Error(withoutSecrets(fault, fields));
      onResult(error);
      done(error === undefined ? { code: 0 } : { code: 1, error });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(client[Symbol.dispose]()),
  };
}

/** Sends once; the fault in words, or `undefined`. */
async function attempt(
  client: GrpcClient,
  metrics: ResourceMetrics,
  patienceMs: number,
): Promise<string | undefined> {
  try {
    const message = ProtobufMetricsSerializer.serializeRequest(metrics);
    if (message === undefined) return "metrics that have no form in OTLP";
    const answer = await client.call(METHOD, message, patienceMs);
    const { partialSuccess } = ProtobufMetricsSerializer.deserializeResponse(answer);
    const { rejectedDataPoints = 0, errorMessage = "no reason" } = partialSuccess ?? {};
    if (Number(rejectedDataPoints) === 0) return undefined;
    return `${rejectedDataPoints} data points rejected: ${errorMessage}`;
  } catch (error) {
    return inWords(error);
  }
}

/** An error and what caused it: `fetch` tells by its cause alone why it failed. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${inWords(error.cause)}`;
}

/** A collector may repeat what it was sent. */
function withoutSecrets(text: string, fields: ReadonlyMap<string, string>): string {
  let safe = text;
  for (const value of fields.values()) if (value !== "") safe = safe.replaceAll(value, "(secret)");
  return safe;
}
