/**
 * Errors of listening say where it was.
 *
 * @module
 */
import type { Address } from "./setting.ts";

/**
 * Listens, and puts the setting and the address before the message of what is thrown.
 *
 * @param setting The setting that names the address.
 * @param address The address.
 * @param listen Listens there.
 * @throws What `listen` throws.
 */
export function namingAddress<T>(
  setting: "ADMIN_ADDR" | "LISTEN_ADDR",
  { hostname, port }: Address,
  listen: () => T,
): T {
  try {
    return listen();
  } catch (error) {
    if (error instanceof Error) error.message = `${setting}=${hostname}:${port}: ${error.message}`;
    throw error;
  }
}
