/**
 * Each client's ways to upload and download a large file.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { callBoto3 } from "./_boto3.ts";
import { succeed } from "./_process.ts";

/** A client's way to upload and download. */
export interface Transfer {
  readonly name: string;
  /** Uploads a file. */
  readonly up: (key: string, path: string) => Promise<unknown>;
  /** Downloads an object and gives its SHA-256 in hex; a file may be kept at the path. */
  readonly down: (key: string, path: string) => Promise<string>;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string>>;

/** SHA-256 of a stream in hex. */
export async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest("hex");
}

async function sha256OfFile(path: string): Promise<string> {
  return await sha256Of((await Deno.open(path)).readable);
}

/** boto3, streaming one request each way. */
export function boto3Streams(
  name: string,
  python: string,
  env: Environment,
  bucket: string,
): Transfer {
  return {
    name,
    up: (key, path) => callBoto3(python, env, "put_object", { bucket, key, path }),
    down: async (key) => {
      const got = await callBoto3(python, env, "get_object", { bucket, key });
      return (got as { sha256: string }).sha256;
    },
  };
}

/** boto3's transfer manager: parts up, ranges down, several at once. */
export function boto3Parts(
  name: string,
  python: string,
  env: Environment,
  bucket: string,
): Transfer {
  return {
    name,
    up: (key, path) => callBoto3(python, env, "upload_file", { bucket, key, path }),
    down: async (key, path) => {
      await callBoto3(python, env, "download_file", { bucket, key, path });
      return sha256OfFile(path);
    },
  };
}

async function downBySdk(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return sha256Of(Body as AsyncIterable<Uint8Array>);
}

/** The SDK for JavaScript, streaming one request each way. */
export function sdkStreams(name: string, s3: S3Client, Bucket: string): Transfer {
  return {
    name,
    up: (Key, path) => s3.send(new PutObjectCommand({ Bucket, Key, Body: createReadStream(path) })),
    down: (key) => downBySdk(s3, Bucket, key),
  };
}

/** The SDK for JavaScript, parts up. */
export function sdkParts(name: string, client: S3Client, Bucket: string): Transfer {
  return {
    name,
    up: (Key, path) =>
      new Upload({ client, params: { Bucket, Key, Body: createReadStream(path) } }).done(),
    down: (key) => downBySdk(client, Bucket, key),
  };
}

/** A command that copies between a path and an address. */
export function commandCopies(
  name: string,
  command: readonly [binary: string, ...args: string[]],
  env: Environment,
  address: string,
): Transfer {
  const [binary, ...args] = command;
  return {
    name,
    up: (key, path) => succeed(binary, [...args, path, `${address}/${key}`], { env }),
    down: async (key, path) => {
      await succeed(binary, [...args, `${address}/${key}`, path], { env });
      return sha256OfFile(path);
    },
  };
}
