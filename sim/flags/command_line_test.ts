import assert from "node:assert/strict";
import { readCommandLine, UsageError } from "./command_line.ts";
import { formatBytes, parseBytes } from "./byte_size.ts";
import { FLAGS } from "./flags.ts";
import { helpText } from "./help.ts";

function faultsOf(...args: string[]): readonly string[] {
  try {
    readCommandLine(args);
  } catch (error) {
    if (error instanceof UsageError) return error.faults;
    throw error;
  }
  return [];
}

Deno.test("The defaults are those of the product's description", () => {
  const { settings, given } = readCommandLine([]);
  assert.equal(given.size, 0);
  const promised = {
    "num-objects": 10_000,
    "min-object-size": 1_024,
    "max-object-size": 65_536,
    "latency-ms": 5,
    "throughput-bytes-per-sec": 100_000_000,
    "cache-max-entries": 1_000,
    "cache-max-size": [10_000_000],
    "cache-ttl-secs": 300,
    "cache-shards": 4,
    "max-cacheable-size": 1_000_000,
    pattern: "zipf",
    "zipf-exponent": 1,
    "one-hit-wonder-ratio": 0,
    "num-requests": 100_000,
    concurrency: 16,
    "progress-interval": 10_000,
    "no-cache": false,
    seed: 42,
  };
  for (const [name, value] of Object.entries(promised)) {
    assert.deepEqual(settings[name as keyof typeof settings], value, name);
  }
});

Deno.test("Every fault is told at once, with its flag, its value and what is allowed", () => {
  const faults = faultsOf("--num-objects", "0", "--pattern=hot", "--nonsense", "stray", "--seed");
  assert.equal(faults.length, 5);
  assert(faults.includes('--num-objects: "0"; allowed: a whole number from 1 to 10000000'));
  assert(faults.includes('--pattern: "hot"; allowed: zipf, uniform, scan'));
  assert(faults.includes("--nonsense is no flag; --help lists them"));
  assert(faults.includes('"stray" is no flag'));
  assert(faults.some((fault) => fault.startsWith("--seed needs a value")));
});

Deno.test("What no simulation could run with is refused", () => {
  for (
    const [flag, value] of [
      ["--num-objects", "1.5"],
      ["--num-requests", "-1"],
      ["--zipf-exponent", "NaN"],
      ["--one-hit-wonder-ratio", "1.1"],
      ["--cache-max-size", "10 parsecs"],
      ["--cache-max-size", "1MB,1000kB"],
      ["--cache-max-size", "0"],
      ["--policies", "lru,mru"],
      ["--no-cache", "perhaps"],
      ["--trace", ""],
    ]
  ) {
    assert.equal(faultsOf(`${flag}=${value}`).length, 1, `${flag}=${value}`);
  }
  assert.match(
    faultsOf("--min-object-size", "2kB", "--max-object-size", "1kB")[0]!,
    /^--min-object-size: 2000; allowed: at most --max-object-size, which is 1000$/,
  );
});

Deno.test("A flag may be given with or without an equals sign, the last one counts", () => {
  const args = ["--seed=1", "--seed", "2", "--json", "--cache-max-size", "10MB,1 GiB"];
  const { settings, given } = readCommandLine(args, { seed: "9", "num-objects": "7" });
  assert.equal(settings.seed, 2);
  assert.equal(settings.json, true);
  assert.equal(settings["num-objects"], 7);
  assert.deepEqual(settings["cache-max-size"], [10_000_000, 2 ** 30]);
  assert.deepEqual([...given].sort(), ["cache-max-size", "json", "seed"]);
});

Deno.test("Bytes are read and written with their units", () => {
  assert.equal(parseBytes("65536"), 65_536);
  assert.equal(parseBytes("1.5GB"), 1_500_000_000);
  assert.equal(parseBytes("64 KiB"), 65_536);
  assert.equal(parseBytes("2tib"), 2 ** 41);
  for (const text of ["", "GB", "1.5", "-1", "1e3", "1XB", "9999999999999999TB"]) {
    assert.equal(parseBytes(text), undefined, text);
  }
  assert.equal(formatBytes(0), "0 B");
  assert.equal(formatBytes(334_512_345), "334.5 MB");
  assert.equal(formatBytes(10_000_000), "10 MB");
});

Deno.test("The manual has every flag, with its default and its meaning", () => {
  const help = helpText();
  for (const [name, flag] of Object.entries(FLAGS)) {
    assert(help.includes(`  --${name}`), name);
    assert(help.includes(flag.meaning), name);
    if (flag.default !== undefined) assert.notEqual(flag.kind.parse(flag.default), undefined, name);
  }
  for (const line of help.split("\n")) assert(line.length <= 130, line);
});
