/**
 * What a request wants, as far as its head tells.
 *
 * @module
 */
import { parseRequestTarget, type RequestTarget, S3Error } from "@s3-edge-cache/s3";
import { findOperation, type Operation } from "./operations.ts";
import type { OriginOptions } from "./options.ts";
import type { WireHead } from "./request_head.ts";

/** What a request wants, as far as its head tells. */
export interface Routed {
  /** The target as it came: what a signature covers. */
  readonly raw: RequestTarget;
  /** The target as it is read: with `+` taken for what the origin takes it for. */
  readonly target: RequestTarget;
  /** The operation; `undefined` for none that S3 has. */
  readonly operation: Operation | undefined;
}

/**
 * Routes a request.
 *
 * @param head Its head.
 * @param options How targets are read.
 * @returns Where it goes, or why it goes nowhere.
 */
export function routeOrError(
  head: WireHead,
  options: Required<OriginOptions>,
): Routed | S3Error {
  const domain = options.virtualHostDomain === "" ? undefined : options.virtualHostDomain;
  const [path, ...query] = head.target.split("?");
  const read = options.plusInPath === "space" ? path!.replaceAll("+", "%20") : path!;
  try {
    const raw = parseRequestTarget(head, { virtualHostDomain: domain });
    const target = parseRequestTarget(
      { ...head, target: [read, ...query].join("?") },
      { virtualHostDomain: domain },
    );
    const level = target.key !== "" ? "object" : target.bucket !== "" ? "bucket" : "service";
    const { method, headers } = head;
    const operation = findOperation({ method, level, query: target.query, headers });
    return { raw, target, operation };
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
