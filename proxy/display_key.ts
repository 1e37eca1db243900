/**
 * Keys as people write them.
 *
 * @module
 */

/**
 * A key as people write it.
 *
 * @param key In its canonical spelling, percent-encoded.
 * @returns The key decoded; as it was if it is not UTF-8.
 */
export function displayKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
