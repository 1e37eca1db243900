/**
 * Which module imports which, as Deno itself resolves it: static, dynamic, type-only and
 * re-export imports alike.
 *
 * @module
 */
import { sourceFiles, type Workspace } from "./workspace.ts";

/** One import of a module. */
export interface Import {
  /** The specifier as it is written. */
  readonly specifier: string;
  /** The workspace file that it names, below the root; `undefined` for one from elsewhere. */
  readonly file?: string;
  /** The full specifier of a module from elsewhere, such as `npm:…` or `node:…`. */
  readonly external?: string;
  /** Why it names nothing. */
  readonly error?: string;
}

/** A module of the workspace. */
export interface Module {
  /** Path below the root. */
  readonly file: string;
  /** Its imports in the order of its text, a specifier once. */
  readonly imports: readonly Import[];
}

/** One end of a dependency in `deno info --json`. */
interface Resolution {
  readonly specifier?: string;
  readonly error?: string;
}

/** The part of `deno info --json` that is read here. */
interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Resolution;
      readonly type?: Resolution;
    }[];
  }[];
}

/**
 * The imports of every TypeScript file of the workspace.
 *
 * @throws {Error} if `deno info` fails or a file can't be parsed.
 */
export async function readModuleGraph(workspace: Workspace): Promise<Module[]> {
  const root = new URL(`file://${workspace.root}/`).href;
  const files = sourceFiles(workspace);
  const info = await denoInfo(workspace.root, files.map((file) => root + file));
  const modules = new Map(info.modules.map((module) => [module.specifier, module]));
  return files.map((file) => {
    const module = modules.get(root + file);
    if (module === undefined) throw new Error(`deno info does not know ${file}`);
    if (module.error !== undefined) throw new Error(`${file}: ${module.error}`);
    const imports = (module.dependencies ?? []).map((dependency) =>
      toImport(root, dependency.specifier, dependency.code ?? dependency.type ?? {})
    );
    return { file, imports };
  });
}

function toImport(root: string, specifier: string, resolution: Resolution): Import {
  const target = resolution.specifier;
  if (target === undefined) return { specifier, error: resolution.error ?? "is not resolved" };
  if (target.startsWith(root)) return { specifier, file: target.slice(root.length) };
  return { specifier, external: target };
}

/** Runs `deno info` once, over an entry that imports all modules. */
async function denoInfo(root: string, modules: readonly string[]): Promise<Info> {
  const directory = await Deno.makeTempDir();
  try {
    const entry = `${directory}/entry.ts`;
    await Deno.writeTextFile(
      entry,
      modules.map((module) => `import ${JSON.stringify(module)};\n`).join(""),
    );
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-lock", "--config", `${root}/deno.json`, entry],
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`deno info failed: ${decoder.decode(stderr)}`);
    return JSON.parse(decoder.decode(stdout));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
