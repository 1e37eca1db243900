/**
 * The ways in which the proxy is started agree: the task, the compiled binary, the container.
 *
 * @module
 */
import { type Finding, isTestFile, sourceFiles, type Workspace } from "./workspace.ts";

/** Start and compile tasks and the Dockerfile give the same flags; compile knows workers. */
export async function checkLaunch(workspace: Workspace): Promise<Finding[]> {
  const start = sharedFlags(task(workspace, "start"));
  const compile = task(workspace, "compile");
  const findings: Finding[] = [];
  const named = start.some((flag) => flag.startsWith("--allow-"));
  if (!named || start.includes("-A") || start.includes("--allow-all")) {
    findings.push({ file: "deno.json", message: "task start has to name its permissions" });
  }
  if (sharedFlags(compile).join() !== start.join()) {
    findings.push({ file: "deno.json", message: "task compile gives other flags than start" });
  }
  if (workspace.files.includes("Dockerfile")) {
    const command = /^CMD (\[[^\]]*\])/m.exec(await workspace.read("Dockerfile"))?.[1] ?? "[]";
    if (sharedFlags((JSON.parse(command) as string[]).join(" ")).join() !== start.join()) {
      findings.push({ file: "Dockerfile", message: "gives other flags than task start" });
    }
  }
  for (const worker of await workers(workspace)) {
    if (compile.includes(`--include ${worker}`)) continue;
    findings.push({ file: "deno.json", message: `task compile lacks --include ${worker}` });
  }
  return findings;
}

function task(workspace: Workspace, name: string): string {
  const found = workspace.members.find(({ directory }) => directory === ".")?.config.tasks?.[name];
  return (typeof found === "string" ? found : found?.command) ?? "";
}

/** The flags of a command line that permit something or are V8's, sorted. */
function sharedFlags(command: string): string[] {
  const shared = /^(-A$|-P|--(allow|deny|no-prompt|v8-flags))/;
  return command.split(/\s+/).filter((word) => shared.test(word)).sort();
}

/** The modules that published code names by their URL: those that it starts as workers. */
async function workers(workspace: Workspace): Promise<string[]> {
  const files = sourceFiles(workspace).filter((file) =>
    !isTestFile(file) && /^[a-z0-9]+\//.test(file)
  );
  const found = await Promise.all(files.map(async (file) => {
    const text = await workspace.read(file);
    const directory = file.slice(0, file.lastIndexOf("/"));
    return [...text.matchAll(/new URL\(\s*"\.\/([^"]+\.ts)",\s*import\.meta\.url/g)]
      .map((match) => `${directory}/${match[1]}`);
  }));
  return [...new Set(found.flat())].filter((file) => !/^(tools|sim|bench)\//.test(file));
}
