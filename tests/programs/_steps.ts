/**
 * The steps that random programs are made of.
 *
 * @module
 */
import fc from "fast-check";
import type { Fault, HoldPhase } from "@s3-edge-cache/sim";
import type { ReadShape } from "./_reads.ts";
import type { WriteKind } from "./_writes.ts";

/** One step. A `pick` chooses among what is there, by its remainder. */
export type Step =
  | {
    readonly kind: "read";
    readonly worker: number;
    readonly key: number;
    readonly shape: ReadShape;
    /** Chooses the ETag of a condition, and the version where one is asked for. */
    readonly pick: number;
    readonly version: boolean;
    readonly slow: boolean;
  }
  | {
    readonly kind: "write";
    readonly worker: number;
    readonly key: number;
    readonly other: number;
    readonly write: WriteKind;
    readonly size: number;
    readonly pick: number;
  }
  /** The origin holds the next request, or the next answer, that comes to this point. */
  | { readonly kind: "hold"; readonly phase: HoldPhase; readonly bytes: number }
  /** It lets one go that it holds. */
  | { readonly kind: "release"; readonly pick: number }
  /** It harms the next request of this method. */
  | { readonly kind: "harm"; readonly fault: Fault; readonly method: string }
  /** A slow client reads on. */
  | { readonly kind: "read-on"; readonly pick: number; readonly all: boolean }
  /** A client leaves. */
  | { readonly kind: "leave"; readonly pick: number }
  /** Time passes. */
  | { readonly kind: "pass"; readonly ms: number };

/** How the proxy of a program is set up. */
export interface Setting {
  /** Isolates that share the cache, each with a pipeline of its own. */
  readonly workers: number;
  readonly versioned: boolean;
  /** Whether the cache is so small that entries make room for each other. */
  readonly tight: boolean;
  /** Up to which size an object is fetched whole for a range of it. */
  readonly wholeObjectBytes: number;
  /** How long stale entries may answer, where the origin fails and while it is asked. */
  readonly staleMs: number;
}

/** A program. */
export interface Program {
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

/** How many keys there are. */
export const KEYS = 4;

const pick = fc.nat(11);
const worker = fc.nat(3);
const key = fc.nat(KEYS - 1);

const shape: fc.Arbitrary<ReadShape> = fc.record({
  method: fc.constantFrom("GET", "GET", "HEAD"),
  range: fc.option(
    fc.constantFrom<readonly [number | undefined, number | undefined]>(
      [0, 0],
      [3, 9],
      [0, undefined],
      [undefined, 5],
      [100, 20_000],
      [9_999_999, undefined],
    ),
    { nil: undefined, freq: 2 },
  ),
  condition: fc.option(fc.constantFrom("if-match", "if-none-match", "if-range"), {
    nil: undefined,
    freq: 2,
  }),
  override: fc.boolean(),
  directive: fc.option(fc.constantFrom("no-cache", "no-store"), { nil: undefined, freq: 3 }),
});

const read: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("read"),
  worker,
  key,
  shape: fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constant<ReadShape>({
        method: "GET",
        range: undefined,
        condition: undefined,
        override: false,
        directive: undefined,
      }),
    },
    shape,
  ),
  pick,
  version: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  slow: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
});

const write: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("write"),
  worker,
  key,
  other: key,
  write: fc.constantFrom<WriteKind>(
    "put",
    "put",
    "put-if-absent",
    "delete",
    "delete-many",
    "delete-version",
    "copy",
    "replace-metadata",
    "tag",
    "untag",
    "multipart",
  ),
  size: fc.constantFrom(0, 10, 6_000, 40_000, 300_000),
  pick,
});

const fault = fc.constantFrom<Fault>(
  { kind: "hang_up" },
  { kind: "lose_answer" },
  { kind: "cut", bytes: 0 },
  { kind: "cut", bytes: 5_000 },
  { kind: "overlong", extra: new Uint8Array(20).fill(120) },
  { kind: "error", status: 503, code: "SlowDown" },
  { kind: "error", status: 500, code: "InternalError" },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: read },
  { weight: 5, arbitrary: write },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("hold" as const),
      phase: fc.constantFrom<HoldPhase>("request", "head", "body"),
      bytes: fc.constantFrom(1, 5_000, 100_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("release" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("harm" as const),
      fault,
      method: fc.constantFrom("GET", "GET", "PUT", "DELETE"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("read-on" as const), pick, all: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(1, 1_000, 61_000),
    }),
  },
);

/** How many steps a program has at most; half of it on average. */
const MOST_STEPS = 200;

/**
 * Random programs.
 *
 * @param workers Among how many workers the proxies are chosen.
 */
export function programs(workers: readonly number[]): fc.Arbitrary<Program> {
  return fc.record({
    setting: fc.record({
      workers: fc.constantFrom(...workers),
      versioned: fc.boolean(),
      tight: fc.boolean(),
      wholeObjectBytes: fc.constantFrom(0, 8_000, 1_048_576),
      staleMs: fc.constantFrom(0, 30_000),
    }),
    steps: fc.array(step, { minLength: 1, maxLength: MOST_STEPS, size: "max" }),
  });
}
