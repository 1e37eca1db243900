/**
 * No accessors in object literals.
 *
 * @module
 */
import { isTest, placeOf } from "./place.ts";

/**
 * Refuses `get` and `set` in an object literal, tests left out. V8 makes each such object a hidden
 * class of its own, which lies among the old objects and keeps what the accessor knows until all
 * garbage is collected: of a literal a request, all requests of seconds.
 */
export const literalAccessor: Deno.lint.Rule = {
  create(context) {
    if (isTest(placeOf(context.filename))) return {};
    return {
      "ObjectExpression > Property"(property: Deno.lint.Property) {
        if (property.kind === "init") return;
        context.report({
          node: property,
          message: `${property.kind} in an object literal gives each object a hidden class`,
          hint: "Make it an accessor of a class.",
        });
      },
    };
  },
};
