import assert from "node:assert/strict";
import { Feed } from "./feed.ts";

const FIRST = { name: "history", data: [1] };

function texts(response: Response): ReadableStreamDefaultReader<string> {
  return response.body!.pipeThrough(new TextDecoderStream()).getReader();
}

Deno.test("a listener is told the past first, then what comes, then the end", async () => {
  const feed = new Feed();
  const reader = texts(feed.open(FIRST));
  assert.equal(feed.isHeard, true);
  feed.send("sample", { text: "a\nb" });
  assert.equal((await reader.read()).value, "event: history\ndata: [1]\n\n");
  assert.equal((await reader.read()).value, 'event: sample\ndata: {"text":"a\\nb"}\n\n');
  feed.close();
  assert.equal((await reader.read()).done, true);
  assert.equal(feed.isHeard, false);
});

Deno.test("who does not read misses events, and costs no memory for it", async () => {
  const feed = new Feed();
  const slow = feed.open(FIRST);
  for (let i = 0; i < 1_000; i++) feed.send("sample", i);
  feed.close();
  const told = await slow.text();
  assert.equal(told.match(/^event: /gm)!.length, 4);
});

Deno.test("who leaves is forgotten, and there is an end to listeners", async () => {
  const feed = new Feed();
  const open = Array.from({ length: 32 }, () => feed.open(FIRST));
  assert.equal(feed.open(FIRST).status, 503);
  await open[0]!.body!.cancel();
  assert.equal(feed.open(FIRST).status, 200);
  feed.close();
});
