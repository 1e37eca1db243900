import assert from "node:assert/strict";
import { CACHE_DEFAULTS, type CacheOptions, validateCacheOptions } from "./options.ts";

const codec = { encode: () => new Uint8Array(), decode: () => null };
const valid: CacheOptions<null> = { ...CACHE_DEFAULTS, codec };

Deno.test("The default options are valid", () => {
  validateCacheOptions(valid);
});

Deno.test("Options out of bounds throw a RangeError that names option, bound and value", () => {
  const faults: [Partial<CacheOptions<null>>, RegExp][] = [
    [{ maxBytes: 0 }, /maxBytes.*from 1 .*is 0/],
    [{ maxEntries: -1 }, /maxEntries.*is -1/],
    [{ maxEntries: 16_777_217 }, /maxEntries.*16777216, is 16777217/],
    [{ maxObjectBytes: 1.5 }, /maxObjectBytes.*is 1.5/],
    [{ ttlMs: Infinity }, /ttlMs.*is Infinity/],
    [{ shards: NaN }, /shards.*65536, is NaN/],
    [{ maxBytes: 9, maxObjectBytes: 10 }, /maxBytes must be at least maxObjectBytes \(10\), is 9/],
  ];
  for (const [fault, message] of faults) {
    assert.throws(() => validateCacheOptions({ ...valid, ...fault }), {
      name: "RangeError",
      message,
    });
  }
  validateCacheOptions({ ...valid, maxBytes: 10, maxObjectBytes: 10 });
});

Deno.test("Options of a wrong shape throw a TypeError that names the option", () => {
  const faults: [object, RegExp][] = [
    [{ maxBytes: "1" }, /maxBytes must be a number, is string/],
    [{ ttlMs: null }, /ttlMs must be a number, is null/],
    [{ codec: undefined }, /codec.encode must be a function/],
    [{ codec: { encode: codec.encode } }, /codec.decode must be a function/],
  ];
  for (const [fault, message] of faults) {
    const options = { ...valid, ...fault } as CacheOptions<null>;
    assert.throws(() => validateCacheOptions(options), { name: "TypeError", message });
  }
});
