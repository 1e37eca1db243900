/**
 * The ways in which the proxy is started agree: the task, the compiled binary, the container.
 *
 * @module
 */
import { type Finding, isTestFile, sourceFiles, type Workspace } from "./workspace.ts";

/** Start and compile tasks and the Dockerfile give the same permissions; compile knows workers. */
export async function checkLaunch(workspace: Workspace): Promise<Finding[]> {
  const start = permissions(task(workspace, "start"));
  const compile = task(workspace, "compile");
  const findings: Finding[] = [];
  if (start.length === 0 || start.includes("-A") || start.includes("--allow-all")) {
    findings.push({ file: "deno.json", message: "task start has to name its permissions" });
  }
  if (permissions(compile).join() !== start.join()) {
    findings.push({
      file: "deno.json",
      message: "task compile gives other permissions than start",
    });
  }
  if (workspace.files.includes("Dockerfile")) {
    const command = /^CMD (\[[^\]]*\])/m.exec(await workspace.read("Dockerfile"))?.[1] ?? "[]";
    if (permissions((JSON.parse(command) as string[]).join(" ")).join() !== start.join()) {
      findings.push({ file: "Dockerfile", message: "gives other permissions than task start" });
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

/** The permission flags of a command line, sorted. */
function permissions(command: string): string[] {
  return command.split(/\s+/).filter((word) => /^(-A$|-P|--(allow|deny|no-prompt))/.test(word))
    .sort();
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
