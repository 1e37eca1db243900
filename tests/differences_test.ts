import assert from "node:assert/strict";
import { FREE_ELEMENTS, FREE_FIELDS } from "./_agreement.ts";

function rows(table: Readonly<Record<string, string>>): string[] {
  return Object.entries(table).map(([name, reason]) => `\`${name}\`: ${reason}`);
}

Deno.test("docs/differences.md lists what may differ, and nothing else", async () => {
  const text = await Deno.readTextFile(new URL("../docs/differences.md", import.meta.url));
  const listed = [...text.matchAll(/^- (`[^`]+`: .+)$/gm)].map(([, row]) => row!);
  assert.deepEqual(listed, [...rows(FREE_FIELDS), ...rows(FREE_ELEMENTS)]);
});
