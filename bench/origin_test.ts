import assert from "node:assert/strict";
import { contentIndex, Contents, sizeOf } from "./content.ts";
import { BenchOrigin, CALLS_PATH } from "./origin.ts";

Deno.test("a key says how long its object is, up to a bound", () => {
  assert.equal(sizeOf("1024/a"), 1024);
  assert.equal(sizeOf("0/"), 0);
  for (const key of ["a", "/1", "-1/a", "99999999/a"]) assert.equal(sizeOf(key), undefined);
});

Deno.test("versions in a row differ in every object", () => {
  const contents = new Contents(4096);
  for (let version = 0; version < 300; version++) {
    const [before, after] = [version, version + 1].map((v) =>
      contents.bytes(contentIndex("4096/a", v), 4096)
    );
    assert.notDeepEqual(before, after);
  }
});

Deno.test("the origin answers reads by key and version, takes writes, and counts both", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = listener.accept().then((connection) => new BenchOrigin("md5").serve(connection));
  const url = `http://127.0.0.1:${listener.addr.port}`;
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 1 });
  const send = (path: string, init?: RequestInit) => fetch(url + path, { ...init, client });
  const contents = new Contents(200_000);
  const read = async (version: number) => {
    const answer = await send("/bench/200000/a?x-id=GetObject");
    assert.match(answer.headers.get("etag")!, /^"[0-9a-f]{32}"$/);
    assert.deepEqual(
      await answer.bytes(),
      contents.bytes(contentIndex("200000/a", version), 200_000),
    );
  };
  await read(0);
  assert.equal(
    (await send("/bench/200000/a", { method: "PUT", body: "x".repeat(999) })).status,
    200,
  );
  await read(1);
  const head = await send("/bench/200000/a", { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), "200000");
  assert.equal((await send("/bench/none")).status, 404);
  assert.deepEqual(await (await send(CALLS_PATH)).json(), { reads: 4, writes: 1 });
  client.close();
  await served;
});
