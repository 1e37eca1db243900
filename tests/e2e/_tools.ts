/**
 * The servers and clients that the end-to-end tests need, and what happens without them.
 *
 * @module
 */
import assert from "node:assert/strict";

/** Each tool, the variable that names its binary, and its name on PATH. */
const TOOLS = {
  versitygw: ["VERSITYGW_BIN", "versitygw"],
  python: ["E2E_PYTHON", "python3"],
  aws: ["AWS_BIN", "aws"],
  rclone: ["RCLONE_BIN", "rclone"],
  openssl: ["OPENSSL_BIN", "openssl"],
  chromium: ["CHROMIUM_BIN", "chromium"],
} as const;

/** The name of a tool. */
export type ToolName = keyof typeof TOOLS;

/** The binary of each tool that a test asked for. */
export type Tools = Readonly<Record<ToolName, string>>;

/**
 * Declares a test over real processes. Where a tool is absent it is skipped and its name says
 * why; with S3_EDGE_CACHE_E2E=required it fails.
 *
 * @param name What is shown.
 * @param needs What it needs.
 * @param test Gets the path of each tool.
 */
export function e2eTest(
  name: string,
  needs: readonly ToolName[],
  test: (t: Deno.TestContext, tools: Tools) => Promise<void>,
): void {
  const found = needs.map((tool) => [tool, findTool(tool)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([tool]) => absence(tool));
  if (missing.length === 0) {
    const tools = Object.fromEntries(found) as Tools;
    Deno.test({ name, fn: (t) => test(t, tools) });
  } else if (Deno.env.get("S3_EDGE_CACHE_E2E") === "required") {
    Deno.test({ name, fn: () => assert.fail(missing.join("; ")) });
  } else {
    Deno.test({ name: `${name} (skipped: ${missing.join("; ")})`, ignore: true, fn: () => {} });
  }
}

function absence(tool: ToolName): string {
  const [variable, name] = TOOLS[tool];
  const what = tool === "python" ? `${name} with boto3` : name;
  return `no ${what} on PATH or in ${variable}`;
}

function findTool(tool: ToolName): string | undefined {
  const [variable, name] = TOOLS[tool];
  const given = Deno.env.get(variable);
  const path = given === undefined || given === "" ? onPath(name) : given;
  if (path === undefined || !isFile(path)) return undefined;
  return tool !== "python" || hasBoto3(path) ? path : undefined;
}

function onPath(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  return folders.map((folder) => `${folder}/${name}`).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function hasBoto3(python: string): boolean {
  const { success } = new Deno.Command(python, {
    args: ["-c", "import boto3"],
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return success;
}
