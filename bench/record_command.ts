/**
 * `deno task bench record`: what it costs to record requests: to count them, to remember them, to log
 * them.
 *
 * @module
 */
import process from "node:process";
import { Signer } from "@s3-edge-cache/auth";
import { CACHE_DEFAULTS, openCache } from "@s3-edge-cache/cache";
import {
  countRequests,
  createPipeline,
  type EntryRecord,
  entryRecordCodec,
  Journal,
  logAccess,
  type RawRequest,
  READ_DEFAULTS,
  type RequestObserver,
  Trace,
} from "@s3-edge-cache/proxy";
import { HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import { createTallyMemory, Tally } from "@s3-edge-cache/telemetry";
import { HttpUpstreamClient, parseEndpoint, UPSTREAM_DEFAULTS } from "@s3-edge-cache/upstream";
import { Flags } from "./flags.ts";
import { median } from "./statistics.ts";

/** What `--help` prints. */
export const RECORD_USAGE =
  `Measures what recording costs a hit of 1 KiB, in the pipeline without a network: signature, lookup,
answer. The ways take turns in one process, in blocks; figures are medians of the blocks.

Usage: deno task bench record [flags]

  --blocks N      blocks of each way (200)
  --requests N    requests of a block (2000)

CPU us is processor time a request, user and system.
`;

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

/**
 * Runs the command.
 *
 * @returns The exit status.
 * @throws {UsageError} for wrong flags.
 */
export function recordCommand(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, { blocks: "200", requests: "2000" }, []);
  const blocks = flags.number("blocks", 1, 100_000);
  const requests = flags.number("requests", 1, 1_000_000);
  const ways = Object.entries(observers()).map(([name, observe]) => ({
    name,
    hit: hits(observe),
    costs: [] as number[],
  }));
  for (let block = -5; block < blocks; block++) {
    for (const { hit, costs } of block % 2 === 0 ? ways : ways.toReversed()) {
      const cost = cpuMicroseconds(hit, requests) / requests;
      if (block >= 0) costs.push(cost);
    }
  }
  const [none] = ways.map(({ costs }) => median(costs));
  console.log("way                     CPU us    more us    ratio");
  for (const { name, costs } of ways) {
    const own = median(costs);
    const figures = [own.toFixed(2), (own - none!).toFixed(2), (own / none!).toFixed(3)];
    console.log(name.padEnd(20) + figures.map((figure) => figure.padStart(10)).join(""));
  }
  return Promise.resolve(0);
}

/** The ways in which requests are recorded. */
function observers(): Readonly<Record<string, RequestObserver | undefined>> {
  const count = countRequests(new Tally(createTallyMemory(1), 0));
  const journal = new Journal();
  const log = logAccess(() => {}, Date.now);
  const both = (one: RequestObserver, other: RequestObserver): RequestObserver => {
    return (request, response) => {
      one(request, response);
      other(request, response);
    };
  };
  const remembered = both(count, journal.observe);
  return {
    "not at all": undefined,
    "counted": count,
    "… and remembered": remembered,
    "… and logged": both(remembered, log),
  };
}

/** Answers one request from the cache. */
function hits(observe: RequestObserver | undefined): () => void {
  const cache = openCache<EntryRecord>({ ...CACHE_DEFAULTS, codec: entryRecordCodec });
  const acquired = cache.acquire("bucket/key", "", Date.now());
  if (acquired.kind !== "lead") throw new Error("the cache is not empty");
  const headers = [["etag", '"a"'], ["content-type", "text/plain"]] as const;
  acquired.fill.begin({ headers, etag: '"a"', lastModified: undefined }, 1_024);
  acquired.fill.write(new Uint8Array(1_024));
  acquired.fill.commit(Date.now());
  const handler = createPipeline({
    credentials: CREDENTIALS,
    region: "us-east-1",
    addressing: {},
    cache,
    upstream: new HttpUpstreamClient({
      ...UPSTREAM_DEFAULTS,
      endpoint: parseEndpoint("http://127.0.0.1:1"),
      credentials: CREDENTIALS,
    }),
    log: () => {},
    verification: undefined,
    observe,
    reads: READ_DEFAULTS,
    now: Date.now,
    clientIdleMs: 60_000,
    lostWriteGraceMs: 0,
  });
  const next = signedReads();
  return () => {
    const answer = handler(next());
    if (answer instanceof Promise || answer.outcome.kind !== "hit") throw new Error("no hit");
  };
}

function signedReads(): () => RawRequest {
  const fields: HeaderPair[] = [["host", "localhost:8080"], ["user-agent", "bench"]];
  const signer = new Signer({ credentials: CREDENTIALS, region: "us-east-1", now: Date.now });
  const payloadHash = "UNSIGNED-PAYLOAD";
  const signed = { method: "GET", path: "/bucket/key", query: "", headers: fields, payloadHash };
  const headers = new HeaderList([...fields, ...signer.sign(signed)]);
  const { signal } = new AbortController();
  const completed = Promise.resolve();
  const common = { method: "GET", target: "/bucket/key", headers, body: null, peer: "" };
  return () => {
    const trace = new Trace(performance.now());
    return { ...common, id: "0123456789ABCDEF", trace, signal, completed };
  };
}

/** Processor time that this process spends on some calls, in microseconds. */
function cpuMicroseconds(call: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) call();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
