/**
 * The exporters that the settings ask for. None of them can harm a request: they run in the
 * supervisor, and only read what was counted.
 *
 * @module
 */
import {
  type Figures,
  type Log,
  prometheusText,
  startOtlpExport,
  writeWhole,
} from "@s3-edge-cache/telemetry";
import { ConfigError } from "./config.ts";
import type { Config } from "./settings.ts";
import { VERSION } from "./version.ts";

/** How often the text file is written, in milliseconds: more often than it is usually read. */
const TEXT_FILE_MS = 10_000;

/** Exporters that run. */
export interface Exporters {
  /** Exports a last time, and ends. */
  stop(): Promise<void>;
}

/**
 * Starts the exporters.
 *
 * @param config The settings.
 * @param figures A moment's figures.
 * @param log Hears when an exporter begins to fail, and when it works again.
 * @throws {ConfigError} if the text file's directory is not there or may not be written.
 */
export async function startExporters(
  config: Config,
  figures: () => Figures,
  log: Log,
): Promise<Exporters> {
  const exporters: Exporters[] = [];
  const { PROMETHEUS_TEXTFILE_DIR: directory, OTEL_GRPC_ENDPOINT_URL: url } = config;
  if (directory !== undefined) exporters.push(await startTextFile(directory, figures, log));
  if (url !== undefined) {
    exporters.push(
      await startOtlpExport({
        url,
        fields: config.OTEL_EXPORTER_OTLP_HEADERS ?? new Map(),
        intervalMs: config.OTEL_METRIC_EXPORT_INTERVAL,
        version: VERSION,
        instance: crypto.randomUUID(),
        figures,
        now: Date.now,
        onResult: onChange(log, "the collector of metrics", { url }),
      }),
    );
  }
  return { stop: async () => void await Promise.all(exporters.map((exporter) => exporter.stop())) };
}

async function startTextFile(
  directory: string,
  figures: () => Figures,
  log: Log,
): Promise<Exporters> {
  const path = `${directory.replace(/\/+$/, "")}/s3_edge_cache.prom`;
  const told = onChange(log, "the text file of metrics", { path });
  const attempt = () => writeWhole(path, prometheusText(figures()));
  await attempt().catch((error) => {
    if (!isUnusable(error)) return told(error);
    throw new ConfigError([
      `PROMETHEUS_TEXTFILE_DIR=${JSON.stringify(directory)}: ${error.message}; ` +
      "allowed: a directory that is there and may be written",
    ]);
  });
  const write = () => attempt().then(() => told(undefined), told);
  const timer = setInterval(write, TEXT_FILE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await write();
    },
  };
}

/** What will not mend itself, as a full disk may. */
function isUnusable(error: unknown): error is Error {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable;
}

/** Tells the log of each failure that is another one than the last, and of their end. */
function onChange(
  log: Log,
  subject: string,
  fields: Readonly<Record<string, string>>,
): (error: Error | undefined) => void {
  let failing: string | undefined;
  return (error) => {
    if (error !== undefined && error.message !== failing) {
      log("warn", `${subject} does not take them`, { ...fields, error: error.message });
    } else if (error === undefined && failing !== undefined) {
      log("info", `${subject} takes them again`, fields);
    }
    failing = error?.message;
  };
}
