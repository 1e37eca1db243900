/**
 * A browser's form upload, its policy signed.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { type Credentials, formatAmzDate } from "@s3-edge-cache/auth";
import type { TestRequest } from "../_client.ts";

/**
 * A request that uploads a file by a form.
 *
 * @param credentials Who signs the policy.
 * @param bucket Where the form is sent.
 * @param key The object's key.
 * @param file The file's text.
 */
export function postForm(
  credentials: Credentials,
  bucket: string,
  key: string,
  file: string,
): TestRequest {
  const date = formatAmzDate(Date.now());
  const scope = [date.slice(0, 8), "us-east-1", "s3", "aws4_request"];
  const fields = {
    key,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${credentials.accessKeyId}/${scope.join("/")}`,
    "x-amz-date": date,
  };
  const conditions = [
    { bucket },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
  ];
  const expiration = new Date(Date.now() + 600_000).toISOString();
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
  let signature: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const part of [...scope, policy]) {
    signature = createHmac("sha256", signature).update(part).digest();
  }
  const form = { ...fields, policy, "x-amz-signature": signature.toString("hex") };
  const boundary = "----------------------------e2e";
  const parts = Object.entries(form).map(([name, value]) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n` +
    "content-type: text/plain\r\n\r\n";
  return {
    method: "POST",
    target: `/${bucket}`,
    headers: [["content-type", `multipart/form-data; boundary=${boundary}`]],
    body: `${parts.join("")}${head}${file}\r\n--${boundary}--\r\n`,
    unsigned: true,
  };
}
