/**
 * Requests as SDKs send them, signed beforehand.
 *
 * @module
 */
import { EMPTY_SHA256, presign, Signer } from "@s3-edge-cache/auth";

/** Where the signature stands: in the header, as SDKs send it, or in the query. */
export type SignatureForm = "header" | "presigned";

/** What clients of the bench sign with. */
export const CREDENTIALS: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: "AKIDBENCHCLIENT",
  secretAccessKey: "bench-client-secret",
};

/** The region that they sign for. */
export const REGION = "us-east-1";

/** The host that all requests name, whoever they are sent to: one signature is good for all. */
export const HOST = "s3.bench.test";

/** The bucket. */
export const BUCKET = "bench";

/** How far signatures lie apart from now at most, in seconds: S3 allows 15 minutes. */
const SPREAD_SECONDS = 300;

/** How long a signer goes by the same now, in milliseconds. */
const RENEW_MS = 240_000;

/** Signs requests, no two alike. */
export class RequestSigner {
  readonly #credentials: typeof CREDENTIALS;
  readonly #form: SignatureForm;
  readonly #signer: Signer;
  readonly #now: () => number;
  #start: number;
  readonly #signed: Map<string, number> = new Map();
  #time: number;

  /**
   * @param form Where the signature stands.
   * @param credentials What it is made with.
   * @param now The clock, in milliseconds since the epoch.
   */
  constructor(form: SignatureForm, credentials: typeof CREDENTIALS, now: () => number) {
    this.#form = form;
    this.#credentials = credentials;
    this.#now = now;
    this.#start = now() - SPREAD_SECONDS * 1000;
    this.#time = this.#start;
    this.#signer = new Signer({ credentials, region: REGION, now: () => this.#time });
  }

  /**
   * A request, its head in the order in which boto3 sends it. Its signature differs from all others
   * of the same key, up to 600 of them.
   *
   * @param method The method; a PUT puts nothing.
   * @param key The object; none for the bucket.
   */
  sign(method: string, key: string): string {
    const path = key === "" ? `/${BUCKET}` : `/${BUCKET}/${key}`;
    const start = this.#now() - SPREAD_SECONDS * 1000;
    if (start - this.#start > RENEW_MS) {
      this.#start = start;
      this.#signed.clear();
    }
    const before = this.#signed.get(key) ?? 0;
    this.#signed.set(key, before + 1);
    return this.#form === "header"
      ? this.#inHeader(method, path, before)
      : this.#inQuery(method, path, before);
  }

  #inHeader(method: string, path: string, before: number): string {
    this.#time = this.#start + before % (2 * SPREAD_SECONDS) * 1000;
    const headers: [string, string][] = [["host", HOST], ["x-amz-checksum-mode", "ENABLED"]];
    const payloadHash = EMPTY_SHA256;
    const fields = this.#signer.sign({ method, path, query: "", headers, payloadHash });
    return head(`${method} ${path} HTTP/1.1`, [
      ...headers,
      ["accept-encoding", "identity"],
      ["user-agent", "Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux lang/python#3.11"],
      ...fields,
      ...(method === "PUT" ? [["content-length", "0"] as const] : []),
      ["amz-sdk-invocation-id", "3b6c1f0e-5d0f-4c6e-9c55-2f1d53c4a1b0"],
      ["amz-sdk-request", "attempt=1"],
    ]);
  }

  #inQuery(method: string, path: string, before: number): string {
    const query = presign({
      credentials: this.#credentials,
      region: REGION,
      time: this.#start,
      expiresSeconds: 3600 + before % 600_000,
      method,
      path,
      query: "",
      headers: [["host", HOST]],
    });
    return head(`${method} ${path}?${query} HTTP/1.1`, [
      ["host", HOST],
      ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
      ["accept", "*/*"],
      ["accept-encoding", "gzip, deflate, br"],
    ]);
  }
}

function head(line: string, fields: readonly (readonly [string, string])[]): string {
  return [line, ...fields.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}
