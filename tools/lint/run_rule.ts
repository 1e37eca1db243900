/**
 * Runs the project's rules over a text, for their tests.
 *
 * @module
 */
import plugin from "../lint_plugin.ts";

/** The messages of one rule over a file of this path below the root. */
export function runRule(rule: string, place: string, text: string): string[] {
  const filename = decodeURIComponent(new URL(`../../${place}`, import.meta.url).pathname);
  return Deno.lint.runPlugin(plugin, filename, text)
    .filter(({ id }) => id === `edge-cache/${rule}`)
    .map(({ message }) => message);
}
