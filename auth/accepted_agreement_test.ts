import assert from "node:assert/strict";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { HeaderList, type HeaderPair, type RequestHead, S3Error } from "@s3-edge-cache/s3";
import { NodeSha256 } from "./testdata/node_sha256.ts";
import { NOW, OPTIONS, presignedHead, signedHead, verify } from "./testdata/requests.ts";

const { accessKeyId, secretAccessKey } = OPTIONS.credentials;

const smithy = new SignatureV4({
  credentials: { accessKeyId, secretAccessKey },
  region: OPTIONS.region,
  service: "s3",
  sha256: NodeSha256,
  uriEscapePath: false,
  applyChecksum: false,
});

/** The signature that Amazon's own signer gives a head as it stands, over the fields it names. */
async function amazonsSignature(
  { method, target, headers }: RequestHead,
  signed: string,
): Promise<string | undefined> {
  const [path, query = ""] = target.split("?") as [string, string?];
  const names = new Set(signed.split(";"));
  const fields = headers.pairs.filter(([name]) => names.has(name));
  if (new Set(fields.map(([name]) => name)).size !== fields.length) return undefined;
  const request = await smithy.sign({
    method,
    protocol: "http:",
    hostname: headers.get("host") ?? "",
    // An encoded slash is a slash: keys are compared decoded.
    path: decodeURIComponent(path).split("/").map(respelled).join("/"),
    // Nothing between two ampersands is no parameter.
    query: Object.fromEntries(query.split("&").filter((pair) => pair !== "").map(decodedPair)),
    headers: Object.fromEntries(fields),
  }, { signingDate: new Date(NOW), signableHeaders: names });
  return /Signature=([0-9a-f]{64})/.exec(request.headers["authorization"]!)![1];
}

function respelled(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decodedPair(pair: string): [string, string] {
  const [name, ...value] = pair.split("=");
  return [decodeURIComponent(name!), decodeURIComponent(value.join("="))];
}

interface Change {
  readonly part: "method" | "target" | "value" | "authorization" | "added";
  readonly at: number;
  readonly gone: number;
  readonly text: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  part: fc.constantFrom("method", "target", "target", "value", "authorization", "added"),
  at: fc.nat(300),
  gone: fc.nat(3),
  text: fc.constantFrom(
    "",
    "a",
    "A",
    "/",
    "%2F",
    "%2f",
    "&",
    "=",
    "+",
    "%20",
    ".",
    " ",
    "0",
    ";",
    ",",
  ),
});

function changed(text: string, { at, gone, text: other }: Change): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + other + text.slice(place + gone);
}

function mutated(head: RequestHead, change: Change): RequestHead {
  const { pairs } = head.headers;
  const inField = (index: number): HeaderPair[] =>
    pairs.map((pair, i) => i === index ? [pair[0], changed(pair[1], change).trim()] : [...pair]);
  switch (change.part) {
    case "method":
      return { ...head, method: changed(head.method, change).trim() || "GET" };
    case "target":
      return { ...head, target: changed(head.target, change).replaceAll(" ", "%20") };
    case "value":
      return { ...head, headers: new HeaderList(inField(change.at % pairs.length)) };
    case "authorization":
      return {
        ...head,
        headers: new HeaderList(inField(pairs.findIndex(([name]) => name === "authorization"))),
      };
    case "added":
      return {
        ...head,
        headers: new HeaderList([...pairs, ["x-amz-meta-more", change.text.trim()]]),
      };
  }
}

const HEADS: readonly RequestHead[] = [
  signedHead(),
  signedHead({ path: "/bucket/a%20b/c+(d)", query: "versionId=1&response-expires=a%2Fb" }),
  signedHead({ method: "PUT", headers: [["x-amz-meta-a", "b c"], ["content-type", "a/b"]] }),
];

Deno.test("a request that is changed and still let in has the signature that Amazon's signer gives it", async () => {
  let letIn = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...HEADS),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      async (original, changes) => {
        const head = changes.reduce(mutated, original);
        const authorization = head.headers.get("authorization") ?? "";
        try {
          verify(head);
        } catch (error) {
          assert.ok(error instanceof S3Error, String(error));
          return;
        }
        letIn++;
        const signed = /SignedHeaders=([^, ]+)/.exec(authorization)![1]!;
        const signature = /Signature=([0-9a-f]{64})/.exec(authorization)![1];
        assert.equal(signature, await amazonsSignature(head, signed), JSON.stringify(head));
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(letIn > 20, `only ${letIn} were let in`);
});

Deno.test("a presigned request that is changed in anything but its spelling is refused", () => {
  const head = presignedHead({ query: "versionId=1", path: "/bucket/a%20b" });
  fc.assert(
    fc.property(change, (first) => {
      const part = first.part === "method" ? "method" : "target";
      const other = mutated(head, { ...first, part });
      if (meaning(other) === meaning(head)) return;
      assert.throws(() => verify(other), S3Error, JSON.stringify(other));
    }),
    { numRuns: 3000 },
  );
});

/** What a request asks for, however it is spelled. */
function meaning({ method, target }: RequestHead): string {
  const [path, query = ""] = target.split("?") as [string, string?];
  const pairs = query.split("&").filter((pair) => pair !== "").map((pair) =>
    pair.includes("=") ? pair : `${pair}=`
  );
  try {
    return [method, decodeURIComponent(path), ...pairs.map(decodeURIComponent).sort()].join("\n");
  } catch {
    return `${method} ${target}`;
  }
}
