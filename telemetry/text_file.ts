/**
 * A file whose reader never sees half of it.
 *
 * @module
 */

/**
 * Writes a text beside its place, then puts it there by rename. Where that fails the former file
 * stays as it is, and nothing is left beside it.
 *
 * @param path Where it goes; the draft has `.tmp` behind the name.
 * @throws {Deno.errors.NotFound} and the other errors of writing.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.tmp`;
  try {
    await Deno.writeTextFile(draft, text);
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}
