import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import { HeaderList, type HeaderPair, Query, uriEncode } from "@s3-edge-cache/s3";
import { createHash } from "node:crypto";
import { formatAmzDate } from "./amz_date.ts";
import { canonicalRequest, stringToSign } from "./canonical.ts";
import { presign, Signer } from "./sign.ts";
import { SigningKey } from "./signature.ts";
import { NodeSha256 } from "./testdata/node_sha256.ts";
import {
  NOW,
  OPTIONS,
  refused,
  signedHead,
  verify,
  withAuthorization,
} from "./testdata/requests.ts";

const { region } = OPTIONS;
const { accessKeyId, secretAccessKey } = OPTIONS.credentials;
const credentials = { accessKeyId, secretAccessKey };
const HOST = "localhost:8080";
const dateTime = formatAmzDate(NOW);
const signingKey = new SigningKey(secretAccessKey, dateTime.slice(0, 8), region);

/** Characters that signers stumble over, and plain ones. */
const character = fc.constantFrom(
  ..."aZ09-._~ !*'()$&,;=@:+/?#[]%\"<>\\^`{|}éß☃😀".match(/./gu)!,
);
const text = fc.array(character, { maxLength: 12 }).map((all) => all.join(""));
/** Keys that survive the URL parsing of fetch: without dot segments, and not beginning empty. */
const key = text.map((value) => "k" + value.replaceAll("/.", "/_"));
const parameters = fc.uniqueArray(fc.tuple(text, text), {
  maxLength: 5,
  selector: ([name]) => name,
}).map((pairs) => pairs.filter(([name]) => name !== "").map(([n, v]) => ["p" + n, v] as const));
const fieldValue = fc.string({ unit: fc.constantFrom(..."ab1 ,;=\"'()") });
const fields = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom("x-amz-meta-a", "x-amz-meta-b", "x-amz-acl", "content-type"),
    fieldValue,
  ),
  { selector: ([name]) => name },
);

/** The raw path of a key, spelled as encodeURIComponent does it. */
function pathOf(value: string): string {
  return "/bucket/" + value.split("/").map(encodeURIComponent).join("/");
}

function queryOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
}

const smithy = new SignatureV4({
  credentials,
  region,
  service: "s3",
  sha256: NodeSha256,
  uriEscapePath: false,
  applyChecksum: true,
});

Deno.test("what aws4fetch signs is verified", async () => {
  await fc.assert(fc.asyncProperty(key, parameters, fields, async (name, pairs, extra) => {
    const query = queryOf(pairs);
    const signer = new AwsV4Signer({
      ...credentials,
      method: "PUT",
      url: `http://${HOST}${pathOf(name)}${query === "" ? "" : "?" + query}`,
      headers: extra.map(([field, value]) => [field, value.trim()] as [string, string]),
      service: "s3",
      region,
      datetime: "20250102T030405Z",
      allHeaders: true,
    });
    const { method, url, headers } = await signer.sign();
    verify({
      method,
      target: url.pathname + url.search,
      headers: new HeaderList([["host", HOST], ...headers]),
    });
  }));
});

Deno.test("what aws4fetch presigns is verified", async () => {
  await fc.assert(fc.asyncProperty(key, parameters, async (name, pairs) => {
    // It signs a space as %20 and sends it as +.
    const spaceless = pairs.map(([n, v]) =>
      [n.replaceAll(" ", "_"), v.replaceAll(" ", "_")] as const
    );
    const query = queryOf([...spaceless, ["X-Amz-Expires", "60"]]);
    const signer = new AwsV4Signer({
      ...credentials,
      url: `http://${HOST}${pathOf(name)}?${query}`,
      service: "s3",
      region,
      datetime: "20250102T030405Z",
      signQuery: true,
    });
    const { url } = await signer.sign();
    verify({
      method: "GET",
      target: url.pathname + url.search,
      headers: new HeaderList([["host", HOST]]),
    });
  }));
});

Deno.test("smithy's signer and ours come to the same signature", async () => {
  await fc.assert(fc.asyncProperty(key, parameters, fields, async (name, pairs, extra) => {
    const path = "/bucket/" + name.split("/").map(uriEncode).join("/");
    const payloadHash = "UNSIGNED-PAYLOAD";
    const headers: HeaderPair[] = [["host", HOST], ...extra];
    const expected = await smithy.sign({
      method: "PUT",
      protocol: "http:",
      hostname: HOST,
      path,
      query: Object.fromEntries(pairs),
      headers: { ...Object.fromEntries(headers), "x-amz-content-sha256": payloadHash },
    }, { signingDate: new Date(NOW) });
    const ours = new HeaderList(
      new Signer(OPTIONS).sign({
        method: "PUT",
        path,
        query: queryOf(pairs),
        headers,
        payloadHash,
      }),
    );
    assert.equal(
      ours.get("authorization")!.replaceAll(", ", ","),
      expected.headers["authorization"]!.replaceAll(", ", ","),
    );
    assert.equal(ours.get("x-amz-date"), expected.headers["x-amz-date"]);
  }));
});

Deno.test("smithy's presigner and ours come to the same query", async () => {
  await fc.assert(fc.asyncProperty(key, parameters, async (name, pairs) => {
    const path = "/bucket/" + name.split("/").map(uriEncode).join("/");
    const token = { ...credentials, sessionToken: "to+ken/=" };
    const signer = new SignatureV4({
      credentials: token,
      region,
      service: "s3",
      sha256: NodeSha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const { query } = await signer.presign({
      method: "GET",
      protocol: "http:",
      hostname: HOST,
      path,
      query: Object.fromEntries(pairs),
      headers: { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    }, {
      signingDate: new Date(NOW),
      expiresIn: 60,
      unhoistableHeaders: new Set(["x-amz-content-sha256"]),
      unsignableHeaders: new Set(["x-amz-content-sha256"]),
    });
    const ours = new Query(presign({
      credentials: token,
      region,
      time: NOW,
      expiresSeconds: 60,
      method: "GET",
      path,
      query: queryOf(pairs),
      headers: [["host", HOST]],
    }));
    assert.equal(ours.get("X-Amz-Signature"), query!["X-Amz-Signature"]);
    assert.equal(ours.get("X-Amz-Security-Token"), token.sessionToken);
  }));
});

const client = new S3Client({
  credentials,
  region,
  endpoint: `http://${HOST}`,
  forcePathStyle: true,
});

Deno.test("what the AWS SDK presigns is verified", async () => {
  for (const Key of ["plain.txt", "a b/c+d", "é(1)!*'.jpg", "a//b", "100%/?#"]) {
    for (
      const command of [
        new GetObjectCommand({ Bucket: "bucket", Key, ResponseContentType: "text/plain; x=1" }),
        new PutObjectCommand({ Bucket: "bucket", Key, ContentType: "a/b", ACL: "private" }),
      ]
    ) {
      const url = await getSignedUrl(client, command as GetObjectCommand, {
        signingDate: new Date(NOW),
        signableHeaders: new Set(["content-type"]),
      });
      const method = command instanceof PutObjectCommand ? "PUT" : "GET";
      verify({
        method,
        target: url.slice(url.indexOf("/bucket")),
        headers: new HeaderList([
          ["host", HOST],
          ...(method === "PUT" ? [["content-type", "a/b"] as const] : []),
        ]),
      });
    }
  }
});

Deno.test("our signatures verify, whatever the target is and however it is spelled", () => {
  const raw = fc.string({
    unit: fc.constantFrom(
      ..."aB0-._~/ !*'()$&,;=@:+/".replace(" ", ""),
      "%2F",
      "%2f",
      "%20",
      "%e2",
    ),
  });
  fc.assert(fc.property(raw, raw, fields, (path, query, headers) => {
    verify(signedHead({ path: "/bucket/" + path, query, headers }));
  }));
});

Deno.test("a path that was signed as it was sent is verified, and covers that path alone", () => {
  const sent = "/bucket/a!b%2fc(1)";
  const asSent = (path: string) => {
    const request = canonicalRequest({
      method: "GET",
      path,
      query: "",
      headers: `host:${HOST}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:${dateTime}\n`,
      signedHeaders: "host;x-amz-content-sha256;x-amz-date",
      payloadHash: "UNSIGNED-PAYLOAD",
    });
    return withAuthorization(
      signedHead({ path: sent }),
      (value) =>
        value.replace(
          /[0-9a-f]{64}$/,
          signingKey.sign(stringToSign(dateTime, signingKey.scope, request)),
        ),
    );
  };
  verify(asSent(sent));
  verify(asSent("/bucket/a%21b/c%281%29"));
  refused("SignatureDoesNotMatch", asSent("/bucket/a!b/c(1)"));
  refused("SignatureDoesNotMatch", asSent("/bucket/a!b%2Fc(1)"));
  refused("SignatureDoesNotMatch", { ...asSent(sent), target: "/bucket/a!b%252fc(1)" });
});

Deno.test("header values are hashed as the bytes that they are", () => {
  const bytes = Buffer.from("é☃").toString("latin1");
  const head = signedHead({ headers: [["x-amz-meta-name", bytes]] });
  verify(head);
  const request = `GET\n/bucket/key\n\nhost:${HOST}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n` +
    `x-amz-date:${dateTime}\nx-amz-meta-name:é☃\n\n` +
    "host;x-amz-content-sha256;x-amz-date;x-amz-meta-name\nUNSIGNED-PAYLOAD";
  const hash = createHash("sha256").update(request, "utf8").digest("hex");
  const text = `AWS4-HMAC-SHA256\n${dateTime}\n${signingKey.scope}\n${hash}`;
  assert.ok(head.headers.get("authorization")!.endsWith(signingKey.sign(text)));
});
