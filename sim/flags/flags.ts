/**
 * The flags: one table, from which the command line is read and `--help` is printed.
 *
 * @module
 */
import { POLICY_NAMES, type PolicyName } from "../policies/policies.ts";
import { SCENARIO_NAMES } from "../report/scenarios.ts";
import {
  bytes,
  decimal,
  filePath,
  type Flag,
  type FlagKind,
  list,
  onOff,
  whole,
  word,
} from "./flag.ts";

/** What a simulation is told, by the names of the flags. */
export interface Settings {
  /** Different objects that are asked for, one-hit wonders aside. */
  readonly "num-objects": number;
  /** Size of the smallest object in bytes. */
  readonly "min-object-size": number;
  /** Size of the largest object in bytes. */
  readonly "max-object-size": number;
  /** How long the origin takes to begin an answer, in milliseconds. */
  readonly "latency-ms": number;
  /** How fast a body comes from the origin; 0 for at once. */
  readonly "throughput-bytes-per-sec": number;
  /** The grain of timers, in milliseconds. */
  readonly "timer-grain-ms": number;
  /** Entries that the cache may hold. */
  readonly "cache-max-entries": number;
  /** Bytes that the cache may hold; several make a comparison. */
  readonly "cache-max-size": readonly number[];
  /** Age in seconds from which an entry is no longer served. */
  readonly "cache-ttl-secs": number;
  /** Shards of the cache. */
  readonly "cache-shards": number;
  /** Largest object that the cache takes, in bytes. */
  readonly "max-cacheable-size": number;
  /** In which order objects are asked for. */
  readonly pattern: "zipf" | "uniform" | "scan";
  /** How uneven `zipf` is. */
  readonly "zipf-exponent": number;
  /** Share of requests for objects that are asked for only once. */
  readonly "one-hit-wonder-ratio": number;
  /** Requests in all. */
  readonly "num-requests": number;
  /** Clients that each wait for one answer at a time. */
  readonly concurrency: number;
  /** Requests between two lines of progress; 0 for none. */
  readonly "progress-interval": number;
  /** Whether everything is forwarded. */
  readonly "no-cache": boolean;
  /** What all randomness comes from. */
  readonly seed: number;
  /** Whether time is real, through the whole pipeline. */
  readonly "real-time": boolean;
  /** Whether the report is one JSON object. */
  readonly json: boolean;
  /** A named scenario, or all of them. */
  readonly scenario: string | undefined;
  /** A trace to replay. */
  readonly trace: string | undefined;
  /** How the trace is written. */
  readonly "trace-format": TraceFormat | "auto";
  /** Where to write the requests as a trace. */
  readonly export: string | undefined;
  /** Policies to compare. */
  readonly policies: readonly PolicyName[] | undefined;
  /** Bytes that an entry is charged with beside its body, in a comparison. */
  readonly "entry-overhead-bytes": number;
  /** Where to write the page. */
  readonly report: string | undefined;
  /** Requests a day that prices are for. */
  readonly "requests-per-day": number | undefined;
  /** Price of a gigabyte from the origin. */
  readonly "price-per-gb": number;
  /** Price of a thousand requests to the origin. */
  readonly "price-per-1000-requests": number;
}

/** The ways in which traces are written. */
export type TraceFormat = "csv" | "oracle-general" | "access-log";

const TERABYTES = 2 ** 50;

function flag<T>(kind: FlagKind<T>, value: string, meaning: string): Flag<T> {
  return { kind, default: value, meaning };
}

function optional<T>(kind: FlagKind<T>, meaning: string): Flag<T | undefined> {
  return { kind, default: undefined, meaning };
}

/** Every flag by its name, in the order of the manual. */
export const FLAGS: { readonly [Name in keyof Settings]: Flag<Settings[Name]> } = {
  "num-objects": flag(whole(1, 10_000_000), "10000", "different objects, one-hit wonders aside"),
  "min-object-size": flag(bytes(0, 2 ** 32 - 1), "1024", "size of the smallest object"),
  "max-object-size": flag(bytes(0, 2 ** 32 - 1), "65536", "size of the largest; sizes are uniform"),
  "latency-ms": flag(decimal(0, 3_600_000), "5", "how long the origin takes to begin an answer"),
  "throughput-bytes-per-sec": flag(
    bytes(0, TERABYTES),
    "100000000",
    "how fast a body comes from the origin; 0: at once",
  ),
  "timer-grain-ms": flag(
    decimal(0, 1_000),
    "1",
    "grain of timers: each wait is two random parts of it longer; 0: exact",
  ),
  "cache-max-entries": flag(
    whole(1, 16_777_216),
    "1000",
    "entries that the cache may hold; no bound for a comparison or a trace unless given",
  ),
  "cache-max-size": flag(
    list(bytes(1, TERABYTES)),
    "10000000",
    "bytes that the cache may hold; several are compared",
  ),
  "cache-ttl-secs": flag(decimal(0.001, 1e9), "300", "age from which an entry is not served"),
  "cache-shards": flag(whole(1, 65_536), "4", "shards of the cache"),
  "max-cacheable-size": flag(bytes(1, 2 ** 32 - 1), "1000000", "largest object that is kept"),
  pattern: flag(word("zipf", "uniform", "scan"), "zipf", "in which order objects are read"),
  "zipf-exponent": flag(decimal(0, 20), "1.0", "how uneven zipf is"),
  "one-hit-wonder-ratio": flag(decimal(0, 1), "0", "share of reads of objects read only once"),
  "num-requests": flag(whole(1, 10_000_000_000), "100000", "requests in all; of a trace, at most"),
  concurrency: flag(whole(1, 100_000), "16", "clients that each wait for one answer at a time"),
  "progress-interval": flag(
    whole(0, 10_000_000_000),
    "10000",
    "requests between two reports of progress; 0: none",
  ),
  "no-cache": flag(onOff, "false", "forward everything"),
  seed: flag(whole(0, 2 ** 32 - 1), "42", "what all randomness comes from"),
  "real-time": flag(
    onOff,
    "false",
    "signed requests through the proxy's own pipeline, with timers; a trace's times are not kept",
  ),
  json: flag(onOff, "false", "print one JSON object"),
  scenario: optional(
    word(...SCENARIO_NAMES, "all"),
    "run a named scenario, or all in one table; flags given beside it prevail",
  ),
  trace: optional(filePath, "replay a trace, which may be compressed by gzip or zstd"),
  "trace-format": flag(
    word("auto", "csv", "oracle-general", "access-log"),
    "auto",
    "how the trace is written; auto tells by its name and first bytes",
  ),
  export: optional(
    filePath,
    "write the requests as .csv, .jsonl or .oracleGeneral (and .gz, .zst), and simulate nothing",
  ),
  policies: optional(list(word(...POLICY_NAMES)), "compare policies, over every --cache-max-size"),
  "entry-overhead-bytes": flag(
    bytes(0, 1_000_000),
    "480",
    "what a comparison charges an entry with beside its body",
  ),
  report: optional(
    filePath,
    "write a comparison as one HTML page; with one size, for sizes around it",
  ),
  "requests-per-day": optional(
    whole(1, 1_000_000_000_000),
    "what prices are for; unless given, a trace's own rate, else 10000000",
  ),
  "price-per-gb": flag(decimal(0, 1_000_000), "0.09", "of 10^9 bytes from the origin, in dollars"),
  "price-per-1000-requests": flag(decimal(0, 1_000_000), "0.0004", "to the origin, in dollars"),
};
