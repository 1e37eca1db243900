/**
 * No relative way out of a package: published alone, it would lead nowhere.
 *
 * @module
 */
import { isForDevelopment, leavesPackage, placeOf } from "./place.ts";

/** Refuses relative imports, and URLs beside `import.meta.url`, that leave their package. */
export const packageBoundary: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    const check = (node: Deno.lint.Node, source: Deno.lint.Node | null | undefined) => {
      if (source?.type !== "Literal" || typeof source.value !== "string") return;
      if (!leavesPackage(place, source.value)) return;
      context.report({
        node,
        message: `${source.value} leaves the package`,
        hint: "Import another package by its name; start a worker from inside its own package.",
      });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) =>
        check(node, node.argument.type === "TSLiteralType" ? node.argument.literal : undefined),
      NewExpression(node) {
        const isUrl = node.callee.type === "Identifier" && node.callee.name === "URL";
        const [target, base] = node.arguments;
        if (!isUrl || base === undefined || isForDevelopment(place)) return;
        if (context.sourceCode.getText(base) === "import.meta.url") check(node, target);
      },
      CallExpression(node) {
        if (isForDevelopment(place)) return;
        if (context.sourceCode.getText(node.callee) !== "import.meta.resolve") return;
        check(node, node.arguments[0]);
      },
    };
  },
};
