/**
 * Requests for tests: signed as a client signs them, and changed on the way.
 *
 * @module
 */
import {
  HeaderList,
  type HeaderPair,
  parseRequestTarget,
  type RequestHead,
  S3Error,
  type S3ErrorCode,
} from "@s3-edge-cache/s3";
import assert from "node:assert/strict";
import { presign, Signer } from "../sign.ts";
import { type VerifiedSignature, Verifier, type VerifierOptions } from "../verify.ts";

/** The time of every request, unless it says otherwise. */
export const NOW = Date.UTC(2025, 0, 2, 3, 4, 5);

/** The client's key, region and clock. */
export const OPTIONS: VerifierOptions = {
  credentials: { accessKeyId: "client-key", secretAccessKey: "client-secret" },
  region: "eu-central-1",
  now: () => NOW,
};

/** What a request to be signed may have. */
export interface RequestOptions extends Partial<VerifierOptions> {
  /** The method; GET if it is left out. */
  readonly method?: string;
  /** The raw path; `/bucket/key` if it is left out. */
  readonly path?: string;
  /** The raw query. */
  readonly query?: string;
  /** Further fields, signed where they have to be. */
  readonly headers?: readonly HeaderPair[];
  /** The value of `x-amz-content-sha256`. */
  readonly payloadHash?: string;
  /** How long a presigned request is good, in seconds. */
  readonly expiresSeconds?: number;
}

/** A request signed in its header. */
export function signedHead(request: RequestOptions = {}): RequestHead {
  const { method = "GET", path = "/bucket/key", query = "", payloadHash = "UNSIGNED-PAYLOAD" } =
    request;
  const headers: HeaderPair[] = [["host", "localhost:8080"], ...request.headers ?? []];
  const added = new Signer({ ...OPTIONS, ...request })
    .sign({ method, path, query, headers, payloadHash });
  return {
    method,
    target: query === "" ? path : `${path}?${query}`,
    headers: new HeaderList([...headers, ...added]),
  };
}

/** A request signed in its query. */
export function presignedHead(request: RequestOptions = {}): RequestHead {
  const { method = "GET", path = "/bucket/key", query = "", expiresSeconds = 3600 } = request;
  const headers: HeaderPair[] = [["host", "localhost:8080"], ...request.headers ?? []];
  const { credentials, region, now } = { ...OPTIONS, ...request };
  const signed = presign({
    credentials,
    region,
    time: now(),
    expiresSeconds,
    method,
    path,
    query,
    headers,
  });
  return { method, target: `${path}?${signed}`, headers: new HeaderList(headers) };
}

/** Verifies a request with the client's key, or with other options. */
export function verify(
  head: RequestHead,
  options: Partial<VerifierOptions> = {},
): VerifiedSignature {
  return new Verifier({ ...OPTIONS, ...options }).verify(head, parseRequestTarget(head));
}

/** The head with a field's value changed, the field added, or (`undefined`) left out. */
export function withField(head: RequestHead, name: string, value: string | undefined): RequestHead {
  const kept = head.headers.pairs.filter((field) => field[0] !== name);
  return {
    ...head,
    headers: new HeaderList(value === undefined ? kept : [...kept, [name, value]]),
  };
}

/** The head with its `authorization` changed. */
export function withAuthorization(
  head: RequestHead,
  change: (value: string) => string,
): RequestHead {
  return withField(head, "authorization", change(head.headers.get("authorization")!));
}

/** Runs what must throw an S3Error, and gives the error. */
export function refusal(run: () => unknown): S3Error {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof S3Error, String(error));
    return error;
  }
  assert.fail("nothing was refused");
}

/** Holds that a request is refused with a code, and gives the error. */
export function refused(
  code: S3ErrorCode,
  head: RequestHead,
  options: Partial<VerifierOptions> = {},
): S3Error {
  const error = refusal(() => verify(head, options));
  assert.equal(error.code, code, `${error.code}: ${error.message}`);
  return error;
}
