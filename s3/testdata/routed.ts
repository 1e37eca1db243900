import {
  HeaderList,
  type HeaderPair,
  parseRequestTarget,
  type RequestTarget,
  type Route,
  routeOperation,
} from "../mod.ts";

/** A request, its target cut and its operation found. */
export interface Routed {
  readonly route: Route;
  readonly target: RequestTarget;
  readonly headers: HeaderList;
}

/** Cuts and routes a path-style request. */
export function routed(method: string, target: string, pairs: readonly HeaderPair[] = []): Routed {
  const headers = new HeaderList([["host", "localhost"], ...pairs]);
  const cut = parseRequestTarget({ method, target, headers });
  return { route: routeOperation(method, cut, headers), target: cut, headers };
}
