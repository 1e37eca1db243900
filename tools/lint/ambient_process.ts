/**
 * Only an entry point reads the environment or ends the process.
 *
 * @module
 */
import { isForDevelopment, placeOf } from "./place.ts";

/** The modules that people start. */
const ENTRY_POINTS = ["main.ts", "sim/main.ts", "sim/demo.ts", "sim/yardsticks.ts"];

const FORBIDDEN = new Set(["env", "exit", "exitCode"]);
const HOLDERS = new Set(["Deno", "process"]);

/** Refuses `Deno.env`, `Deno.exit` and their like of node:process outside entry points. */
export const ambientProcess: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (ENTRY_POINTS.includes(place) || isForDevelopment(place)) return {};
    const refuse = (node: Deno.lint.Node, what: string) =>
      context.report({
        node,
        message: `${what} is for entry points (${ENTRY_POINTS.join(", ")}) only`,
        hint: "Take the value as an argument, or throw.",
      });
    return {
      MemberExpression(node) {
        const holder = holderOf(node.object);
        const name = nameOf(node.property);
        if (holder !== undefined && name !== undefined && FORBIDDEN.has(name)) {
          refuse(node, `${holder}.${name}`);
        }
      },
      VariableDeclarator(node) {
        const holder = node.init ? holderOf(node.init) : undefined;
        if (holder === undefined || node.id.type !== "ObjectPattern") return;
        for (const property of node.id.properties) {
          const name = property.type === "Property" ? nameOf(property.key) : undefined;
          if (name !== undefined && FORBIDDEN.has(name)) refuse(property, `${holder}.${name}`);
        }
      },
      ImportDeclaration(node) {
        if (!/^(node:)?process$/.test(node.source.value)) return;
        for (const specifier of node.specifiers) {
          const name = specifier.type === "ImportSpecifier"
            ? nameOf(specifier.imported)
            : undefined;
          if (name !== undefined && FORBIDDEN.has(name)) refuse(specifier, `process.${name}`);
        }
      },
    };
  },
};

/** `Deno` for `Deno` and `globalThis.Deno`, `process` likewise. */
function holderOf(node: Deno.lint.Node): string | undefined {
  if (node.type === "Identifier") return HOLDERS.has(node.name) ? node.name : undefined;
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return undefined;
  const name = nameOf(node.property);
  const isGlobal = node.object.name === "globalThis";
  return isGlobal && name !== undefined && HOLDERS.has(name) ? name : undefined;
}

function nameOf(node: Deno.lint.Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}
