/**
 * The part of a request that stands before its body.
 *
 * @module
 */
import type { HeaderList } from "./header_list.ts";

/** Method, target and header fields as they came over the wire, nothing normalised. */
export interface RequestHead {
  /** The method in upper case. */
  readonly method: string;
  /** The origin-form target: raw path, and `?` with the raw query where there is one. */
  readonly target: string;
  /** The header fields, `host` among them. */
  readonly headers: HeaderList;
}
