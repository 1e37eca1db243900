/**
 * The client as its tests make it.
 *
 * @module
 */
import type { ByteSource } from "../byte_source.ts";
import type { UpstreamRequest } from "../client.ts";
import { parseEndpoint } from "../endpoint.ts";
import { HttpUpstreamClient } from "../http_client.ts";
import { UPSTREAM_DEFAULTS, type UpstreamOptions } from "../options.ts";

/** A client of an origin, with which `await using` works. */
export function createTestClient(
  url: string,
  options: Partial<UpstreamOptions> = {},
): HttpUpstreamClient & AsyncDisposable {
  const client = new HttpUpstreamClient({
    ...UPSTREAM_DEFAULTS,
    endpoint: parseEndpoint(url),
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    random: () => 0,
    ...options,
  });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** A request without a body, but for what is told. */
export function testRequest(more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    method: "GET",
    path: "/b/k",
    query: "",
    headers: [],
    body: null,
    contentLength: undefined,
    expectContinue: false,
    payloadHash: "UNSIGNED-PAYLOAD",
    signal: undefined,
    ...more,
  };
}

/** A body as text, one character a byte; the body is released. */
export async function textOf(body: ByteSource | null): Promise<string> {
  let text = "";
  for (let view = await body?.read(); view !== undefined; view = await body!.read()) {
    for (const byte of view) text += String.fromCharCode(byte);
  }
  body?.release();
  return text;
}
