/**
 * The door to the export by OTLP.
 *
 * @module
 */
import type { OtlpExport, OtlpOptions } from "./otlp_options.ts";

/**
 * Sends all metrics to a collector by OTLP over gRPC, again and again. A collector that is down or
 * hangs costs nothing but the attempt: sums go on, and the next attempt carries them.
 */
export async function startOtlpExport(options: OtlpOptions): Promise<OtlpExport> {
  const { startExport } = await import("./otlp.ts");
  return startExport(options);
}
