/**
 * Waiting for what another party does in its own time.
 *
 * @module
 */

/** How long a test waits at most before it fails, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Resolves as soon as a condition holds.
 *
 * @param condition Looked at again and again.
 * @param what What is waited for, for the error.
 * @throws {Error} if it does not come to hold.
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not come to be that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
