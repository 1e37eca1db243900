/**
 * No state that a module keeps to itself.
 *
 * @module
 */
import { isTest, placeOf } from "./place.ts";

/** Refuses `let` and `var` at the top of a module, tests left out. */
export const moduleState: Deno.lint.Rule = {
  create(context) {
    if (isTest(placeOf(context.filename))) return {};
    return {
      Program(program) {
        for (const statement of program.body) {
          const node = statement.type === "ExportNamedDeclaration"
            ? statement.declaration
            : statement;
          if (node?.type !== "VariableDeclaration" || node.kind === "const") continue;
          context.report({
            node,
            message: `${node.kind} at the top of a module is state that nobody owns`,
            hint: "Keep it in an object that its user creates.",
          });
        }
      },
    };
  },
};
