/**
 * The AWS SDK as a strict outside client.
 *
 * @module
 */
import assert from "node:assert/strict";
import { S3, type S3ServiceException } from "@aws-sdk/client-s3";
import { type Origin, startOrigin } from "../origin/origin.ts";

function sdk(origin: Origin): S3 {
  const { accessKeyId, secretAccessKey } = origin.credentials;
  return new S3({
    endpoint: origin.url,
    region: origin.region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

/** Runs work with an SDK client and an origin of its own. */
export async function withSdk(
  work: (client: S3, origin: Origin) => Promise<void>,
  options: Parameters<typeof startOrigin>[0] = {},
): Promise<void> {
  await using origin = await startOrigin(options);
  const client = sdk(origin);
  try {
    await work(client, origin);
  } finally {
    client.destroy();
  }
}

/** That a call fails with this code and status. */
export async function refused(call: Promise<unknown>, name: string, status: number): Promise<void> {
  await assert.rejects(call, (error: S3ServiceException) => {
    assert.equal(error.name, name);
    assert.equal(error.$metadata.httpStatusCode, status);
    return true;
  });
}
