/**
 * A collector of metrics by OTLP over gRPC: it keeps what it is sent.
 *
 * @module
 */
import { type Metadata, Server, ServerCredentials } from "@grpc/grpc-js";

/** What came in one export: the names of metrics, and the attributes of their resource. */
export interface Export {
  readonly resource: ReadonlyMap<string, string>;
  readonly metrics: ReadonlyMap<string, Metric>;
}

/** A metric: which field of its message holds the data, and the numbers of its first point. */
export interface Metric {
  readonly kind: "gauge" | "sum" | "histogram";
  readonly points: number;
  readonly value: number;
}

/** A collector that listens. */
export interface Collector extends AsyncDisposable {
  readonly url: string;
  readonly exports: readonly Export[];
  /** What each call sent along. */
  readonly metadata: readonly Metadata[];
}

/**
 * Starts a collector on a port, any free one if not given.
 *
 * @param answer The message that it answers with: none of its fields by default, so all is well.
 */
export async function startCollector(
  port: number = 0,
  answer: Uint8Array = new Uint8Array(),
): Promise<Collector> {
  const server = new Server();
  const exports: Export[] = [];
  const metadata: Metadata[] = [];
  const bytes = { serialize: (value: Uint8Array) => Buffer.from(value), deserialize: identity };
  server.addService({
    Export: {
      path: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes.serialize,
      requestDeserialize: bytes.deserialize,
      responseSerialize: bytes.serialize,
      responseDeserialize: bytes.deserialize,
    },
  }, {
    Export: (call: Call, done: (error: null, value: Uint8Array) => void) => {
      exports.push(readExport(call.request));
      metadata.push(call.metadata);
      done(null, answer);
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const address = `127.0.0.1:${port}`;
  server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
    if (error === null) resolve(bound);
    else reject(error);
  });
  const url = `http://127.0.0.1:${await promise}`;
  return {
    url,
    exports,
    metadata,
    [Symbol.asyncDispose]: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

interface Call {
  readonly request: Uint8Array;
  readonly metadata: Metadata;
}

function identity(value: Uint8Array): Uint8Array {
  return value;
}

/** The field numbers are those of opentelemetry-proto v1. */
function readExport(message: Uint8Array): Export {
  const [resourceMetrics] = fields(message, 1);
  const [resource] = fields(resourceMetrics!, 1);
  const attributes = fields(resource!, 1).map((pair): [string, string] => [
    text(fields(pair, 1)[0]!),
    text(fields(fields(pair, 2)[0]!, 1)[0]!),
  ]);
  const metrics = fields(resourceMetrics!, 2).flatMap((scope) => fields(scope, 2));
  return {
    resource: new Map(attributes),
    metrics: new Map(metrics.map((metric) => [text(fields(metric, 1)[0]!), readMetric(metric)])),
  };
}

const KINDS = [["gauge", 5], ["sum", 7], ["histogram", 9]] as const;

function readMetric(metric: Uint8Array): Metric {
  for (const [kind, number] of KINDS) {
    const [data] = fields(metric, number);
    if (data === undefined) continue;
    const points = fields(data, 1);
    const value = fields(points[0]!, 4)[0];
    const number64 = value === undefined ? 0 : new DataView(value.buffer, value.byteOffset);
    const read = number64 === 0
      ? 0
      : kind === "histogram"
      ? Number(number64.getBigUint64(0, true))
      : number64.getFloat64(0, true);
    return { kind, points: points.length, value: read };
  }
  throw new Error("a metric without data");
}

/** The values of one field of a message: bytes, or the 8 bytes of a fixed number. */
function fields(message: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1;; shift *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const start = at;
    const kind = key & 7;
    if (kind === 0) varint();
    const length = kind === 2 ? varint() : kind === 1 ? 8 : kind === 5 ? 4 : 0;
    const from = kind === 0 ? start : at;
    at += length;
    if (key >> 3 === wanted) found.push(message.slice(from, at));
  }
  return found;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
