/**
 * The AWS SDK for JavaScript with its default settings.
 *
 * @module
 */
import { S3Client } from "@aws-sdk/client-s3";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";

/** A client of the proxy; nothing but address, region and key is told. */
export function createSdkClient(endpoint: string): S3Client {
  const { accessKeyId, secretAccessKey } = CLIENT_CREDENTIALS;
  const credentials = { accessKeyId, secretAccessKey };
  return new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
}
