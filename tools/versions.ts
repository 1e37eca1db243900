/**
 * Exact versions everywhere.
 *
 * @module
 */
import type { Finding, Workspace } from "./workspace.ts";

const EXACT_NPM = /^npm:(@[a-z0-9._-]+\/)?[a-z0-9._-]+@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\/.*)?$/;
const EXACT_PYTHON = /^[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*$/;

/** The import maps, the tasks, the Python requirements and the one version of Deno. */
export async function checkVersions(workspace: Workspace): Promise<Finding[]> {
  return [
    ...checkImportMaps(workspace),
    ...checkTasks(workspace),
    ...await checkRequirements(workspace),
    ...await checkDeno(workspace),
  ];
}

function checkImportMaps(workspace: Workspace): Finding[] {
  return workspace.members.flatMap(({ directory, config }) =>
    Object.entries(config.imports ?? {})
      .filter(([, target]) => !EXACT_NPM.test(target))
      .map(([name, target]) => ({
        file: directory === "." ? "deno.json" : `${directory}/deno.json`,
        message: `${name} is ${target}, not npm: with an exact version`,
      }))
  );
}

/** What a task runs from npm by itself is as exact. */
function checkTasks(workspace: Workspace): Finding[] {
  return workspace.members.flatMap(({ directory, config }) =>
    Object.entries(config.tasks ?? {}).flatMap(([name, task]) =>
      (typeof task === "string" ? task : task.command ?? "").split(/\s+/)
        .filter((word) => word.startsWith("npm:") && !EXACT_NPM.test(word))
        .map((word) => ({
          file: directory === "." ? "deno.json" : `${directory}/deno.json`,
          message: `task ${name} runs ${word}, which has no exact version`,
        }))
    )
  );
}

async function checkRequirements(workspace: Workspace): Promise<Finding[]> {
  const files = workspace.files.filter((file) => /(^|\/)requirements[^/]*\.txt$/.test(file));
  const findings = await Promise.all(files.map(async (file) => {
    const lines = (await workspace.read(file)).split("\n").map((line) => line.trim());
    return lines
      .filter((line) => line !== "" && !line.startsWith("#") && !EXACT_PYTHON.test(line))
      .map((line) => ({ file, message: `${line} is not pinned with ==` }));
  }));
  return findings.flat();
}

/** `deno@x.y.z` is the same in every file that names it. */
async function checkDeno(workspace: Workspace): Promise<Finding[]> {
  const files = workspace.files.filter((file) =>
    /\.(md|json|yml|yaml)$/.test(file) || file === ".ci/run" || file === "Dockerfile"
  );
  const named = (await Promise.all(files.map(async (file) => {
    const text = await workspace.read(file);
    return [...text.matchAll(/\bdeno@(\d+\.\d+\.\d+)/g)].map((match) => ({
      file,
      version: match[1] ?? "",
    }));
  }))).flat();
  const first = named[0];
  return named.filter(({ version }) => version !== first?.version).map(({ file, version }) => ({
    file,
    message: `names Deno ${version}, ${first?.file} names ${first?.version}`,
  }));
}
