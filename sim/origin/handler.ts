/**
 * What carries out an operation.
 *
 * @module
 */
import type { Answer } from "./answer.ts";
import type { OriginRequest } from "./origin_request.ts";
import type { State } from "./state.ts";

/**
 * Carries out an operation: synchronous, so that each is atomic.
 *
 * @throws {OriginError} for what S3 answers with an error.
 */
export type Handler = (request: OriginRequest, state: State) => Answer;
