import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { presign, Signer } from "./sign.ts";
import { NOW, OPTIONS } from "./testdata/requests.ts";

const REQUEST = {
  method: "GET",
  path: "/bucket/key",
  query: "",
  headers: [["host", "origin"]] as HeaderPair[],
  payloadHash: "UNSIGNED-PAYLOAD",
};

/** The signed headers that a signature names. */
function signedHeaders(added: readonly HeaderPair[]): string {
  const [, value] = added.find(([name]) => name === "authorization")!;
  return /SignedHeaders=([^,]*)/.exec(value)![1]!;
}

Deno.test("a signature adds its own fields, the session token among them", () => {
  const names = (credentials: typeof OPTIONS.credentials) =>
    new Signer({ ...OPTIONS, credentials }).sign(REQUEST).map(([name]) => name);
  const own = ["x-amz-date", "x-amz-content-sha256", "authorization"];
  assert.deepEqual(names(OPTIONS.credentials), own);
  assert.deepEqual(
    names({ ...OPTIONS.credentials, sessionToken: "t" }).sort(),
    [...own, "x-amz-security-token"].sort(),
  );
});

Deno.test("host, x-amz- fields and those that describe the body are signed, others not", () => {
  const added = new Signer(OPTIONS).sign({
    ...REQUEST,
    headers: [
      ["range", "bytes=0-1"],
      ["host", "origin"],
      ["content-type", "a/b"],
      ["content-md5", "x"],
      ["accept-encoding", "gzip"],
      ["x-amz-meta-b", "1"],
      ["x-amz-meta-b", "2"],
    ],
  });
  assert.equal(
    signedHeaders(added),
    "content-md5;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-b",
  );
});

Deno.test("the clock is asked for every signature", () => {
  let now = NOW;
  const signer = new Signer({ ...OPTIONS, now: () => now });
  const scopes = [0, 86_400_000, 0].map((later) => {
    now = NOW + later;
    return /Credential=([^,]*)/.exec(signer.sign(REQUEST).at(-1)![1])![1];
  });
  assert.equal(scopes[0], "client-key/20250102/eu-central-1/s3/aws4_request");
  assert.equal(scopes[1], "client-key/20250103/eu-central-1/s3/aws4_request");
  assert.equal(scopes[2], scopes[0]);
});

Deno.test("a request that can't be signed is a mistake of the caller's", () => {
  const signer = new Signer(OPTIONS);
  assert.throws(() => signer.sign({ ...REQUEST, headers: [] }), TypeError);
  for (
    const name of ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"]
  ) {
    const headers = [...REQUEST.headers, [name, "x"] as const];
    assert.throws(() => signer.sign({ ...REQUEST, headers }), TypeError, name);
  }
  assert.throws(
    () => presign({ ...OPTIONS, ...REQUEST, time: NOW, expiresSeconds: 60, headers: [] }),
    TypeError,
  );
});
