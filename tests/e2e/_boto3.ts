/**
 * Calls the functions of `boto3_client.py`.
 *
 * @module
 */
import { succeed } from "./_process.ts";

const SCRIPT = new URL("boto3_client.py", import.meta.url).pathname;

/**
 * Calls a function in a Python process of its own.
 *
 * @param python Path of a Python that has boto3.
 * @param env Its environment: keys, region, endpoint.
 * @param name The function.
 * @param args Its arguments by name.
 * @returns What it returns.
 */
export async function callBoto3(
  python: string,
  env: Readonly<Record<string, string>>,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return JSON.parse(await succeed(python, [SCRIPT, name, JSON.stringify(args)], { env }));
}
