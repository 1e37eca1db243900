/**
 * The project's own lint rules, named in the root's deno.json.
 *
 * @module
 */
import { ambientProcess } from "./lint/ambient_process.ts";
import { functionLength } from "./lint/function_length.ts";
import { literalAccessor } from "./lint/literal_accessor.ts";
import { moduleState } from "./lint/module_state.ts";
import { packageBoundary } from "./lint/package_boundary.ts";

const plugin: Deno.lint.Plugin = {
  name: "edge-cache",
  rules: {
    "ambient-process": ambientProcess,
    "function-length": functionLength,
    "literal-accessor": literalAccessor,
    "module-state": moduleState,
    "package-boundary": packageBoundary,
  },
};

export default plugin;
