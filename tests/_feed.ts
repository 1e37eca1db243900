/**
 * The feed of the dashboard.
 *
 * @module
 */
import type { RunningProxy } from "@s3-edge-cache/proxy";

/** What the feed says first: all that was counted, and the latest events. */
// deno-lint-ignore no-explicit-any -- JSON, whose shape is what tests look at
export async function readFeed({ adminUrl }: RunningProxy): Promise<any> {
  const feed = await fetch(`${adminUrl}/feed`);
  const reader = feed.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return JSON.parse(value!.split("\ndata: ")[1]!);
}
