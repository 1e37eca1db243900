import { cacheability } from "./cacheability.ts";
import { evaluateConditions } from "./conditions.ts";
import { HeaderList, type HeaderPair } from "./header_list.ts";
import { parseRequestTarget } from "./request_target.ts";
import { routeOperation } from "./route.ts";

const PAIRS: readonly HeaderPair[] = [
  ["host", "localhost:8080"],
  ["user-agent", "aws-sdk-js/3.1169.0"],
  ["accept-encoding", "identity"],
  ["amz-sdk-invocation-id", "e5b8c1d6-6a11-4e5b-8d53-6a2f6a2b1c55"],
  ["amz-sdk-request", "attempt=1; max=3"],
  ["x-amz-content-sha256", "UNSIGNED-PAYLOAD"],
  ["x-amz-date", "20260101T000000Z"],
  ["authorization", "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request"],
];
const VALIDATORS = { etag: '"abc"', lastModified: "Sun, 06 Nov 1994 08:49:37 GMT" };
const PRESIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20260101%2Fus-east-1" +
  "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0";

/** Everything that this package does for a read that is answered from the cache. */
function read(target: string): void {
  const headers = new HeaderList(PAIRS);
  const cut = parseRequestTarget({ method: "GET", target, headers });
  const route = routeOperation("GET", cut, headers);
  cacheability(route, cut, headers);
  evaluateConditions(headers, VALIDATORS, 0);
}

Deno.bench("a plain GetObject", () => read("/bucket/folder/object.jpg"));
Deno.bench("a GetObject of the SDK", () => read("/bucket/folder/object.jpg?x-id=GetObject"));
Deno.bench("a presigned GetObject", () => read(`/bucket/folder/object.jpg?${PRESIGNED}`));
