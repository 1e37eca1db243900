import {
  HeaderList,
  type HeaderPair,
  parseRequestTarget,
  type RequestHead,
} from "@s3-edge-cache/s3";
import { presign, Signer } from "./sign.ts";
import { EMPTY_SHA256 } from "./signature.ts";
import { Verifier } from "./verify.ts";

const now = Date.UTC(2025, 0, 2, 3, 4, 5);
const options = {
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
  region: "us-east-1",
  now: () => now,
};
const signer = new Signer(options);
const verifier = new Verifier(options);

/** A request as an SDK sends it. */
function headOf(path: string, query: string, extra: readonly HeaderPair[] = []): RequestHead {
  const fields: HeaderPair[] = [["host", "localhost:8080"], ...extra];
  const payloadHash = EMPTY_SHA256;
  const signed = signer.sign({ method: "GET", path, query, headers: fields, payloadHash });
  return {
    method: "GET",
    target: query === "" ? path : `${path}?${query}`,
    headers: new HeaderList([
      ...fields,
      ["user-agent", "aws-sdk-js/3.1000.0 ua/2.1 os/linux lang/js"],
      ["accept-encoding", "identity"],
      ["connection", "keep-alive"],
      ...signed,
    ]),
  };
}

const plain = headOf("/bucket/photos/2025/cat.jpg", "");
const plainTarget = parseRequestTarget(plain);
Deno.bench("GET, header form", { group: "verify", baseline: true }, () => {
  verifier.verify(plain, plainTarget);
});

const escaped = headOf("/bucket/photos/a%20b%2Fc(1).jpg", "versionId=a%2Fb&x-id=GetObject");
const escapedTarget = parseRequestTarget(escaped);
Deno.bench("GET with escapes and a query", { group: "verify" }, () => {
  verifier.verify(escaped, escapedTarget);
});

const query = presign({
  ...options,
  time: now,
  expiresSeconds: 3600,
  method: "GET",
  path: "/bucket/photos/2025/cat.jpg",
  query: "",
  headers: [["host", "localhost:8080"]],
});
const presigned: RequestHead = {
  method: "GET",
  target: `/bucket/photos/2025/cat.jpg?${query}`,
  headers: new HeaderList([["host", "localhost:8080"], ["user-agent", "Mozilla/5.0"]]),
};
const presignedTarget = parseRequestTarget(presigned);
Deno.bench("GET, presigned", { group: "verify" }, () => {
  verifier.verify(presigned, presignedTarget);
});

Deno.bench("sign a GET", () => {
  signer.sign({
    method: "GET",
    path: "/bucket/photos/2025/cat.jpg",
    query: "",
    headers: [["host", "localhost:9000"], ["accept-encoding", "identity"]],
    payloadHash: EMPTY_SHA256,
  });
});
