/**
 * The version of the proxy.
 *
 * @module
 */
import manifest from "./deno.json" with { type: "json" };

/** The version of this package. */
export const VERSION: string = manifest.version;
