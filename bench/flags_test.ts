import assert from "node:assert/strict";
import { Flags, UsageError } from "./flags.ts";
import { PEER_FLAGS, peersOf } from "./peers.ts";

const DEFAULTS = { sizes: "1KiB", workers: "1", form: "header", peer: "" };

function flags(...args: string[]): Flags {
  return new Flags(args, DEFAULTS, ["json"]);
}

Deno.test("flags are read, or have their defaults", () => {
  const given = flags("--sizes", "1KiB, 8MiB", "--workers=1,2", "--json", "--peer=a", "--peer=b");
  assert.deepEqual(given.sizes("sizes", 1, 2 ** 30), [1024, 2 ** 23]);
  assert.deepEqual(given.integers("workers", 1, 8), [1, 2]);
  assert.deepEqual(given.all("peer"), ["a", "b"]);
  assert.equal(given.has("json"), true);
  assert.equal(flags().word("form", ["header", "presigned"]), "header");
  assert.equal(flags().has("json"), false);
});

Deno.test("what can't be is named with its bounds", () => {
  const fault = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    return assert.fail("nothing was thrown");
  };
  assert.match(fault(() => flags("--speed")), /^Unknown option '--speed'$/);
  assert.match(fault(() => flags("stray")), /stray/);
  assert.match(
    fault(() => flags("--sizes=2MiB").sizes("sizes", 1, 2 ** 20)),
    /^--sizes must be from 1 B to 1 MiB, is "2MiB"$/,
  );
  assert.match(fault(() => flags("--workers=").integers("workers", 1, 8)), /is ""/);
  assert.match(fault(() => flags("--workers=1.5").integers("workers", 1, 8)), /integers, not 1.5/);
  assert.match(fault(() => flags("--form=x").word("form", ["header"])), /takes header, not "x"/);
});

Deno.test("peers are endpoints of this machine or commands; a process belongs to an endpoint", () => {
  const peers = (...args: string[]) => peersOf(new Flags(args, PEER_FLAGS, []));
  const named = peers("--peer=a=http://127.0.0.1:80", "--peer-pid=a=1", "--peer-command=b=x y");
  assert.deepEqual(named.map(({ name, fresh }) => [name, fresh]), [["a", false], ["b", true]]);
  assert.throws(() => peers("--peer=a=http://example.com:80"), UsageError);
  assert.throws(() => peers("--peer=http://127.0.0.1:80"), UsageError);
  assert.throws(() => peers("--peer-pid=a=1"), /names a, which no --peer does/);
});
