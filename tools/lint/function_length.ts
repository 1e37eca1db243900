/**
 * Functions that fit on a screen.
 *
 * @module
 */
import { isTest, placeOf } from "./place.ts";

/** Lines of code that a function's body may have; blank lines and comments are free. */
const MAX_LINES = 40;

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/**
 * Refuses functions of more than {@linkcode MAX_LINES} lines outside tests. One that is better
 * whole says why: `// deno-lint-ignore edge-cache/function-length -- reason`.
 */
export const functionLength: Deno.lint.Rule = {
  create(context) {
    if (isTest(placeOf(context.filename))) return {};
    const check = (node: FunctionNode) => {
      if (node.body?.type !== "BlockStatement") return;
      const [start, end] = node.body.range;
      const lines = countLines(context.sourceCode.text.slice(start + 1, end - 1));
      if (lines <= MAX_LINES) return;
      context.report({
        range: [node.range[0], start],
        message: `the function has ${lines} lines, ${MAX_LINES} are allowed`,
        hint: "Give a part of it a name of its own.",
      });
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};

/** Lines that are neither blank nor a comment alone. */
function countLines(body: string): number {
  return body.split("\n").filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line)).length;
}
