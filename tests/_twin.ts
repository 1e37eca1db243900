/**
 * Two buckets of one origin that are led through the same history: one through the proxy, one
 * directly. Every answer must agree, and in the end all that is stored.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Bucket } from "@s3-edge-cache/sim";
import { Answer, type TestRequest } from "./_client.ts";
import { assertAgree } from "./_agreement.ts";
import { differential } from "./_differential.ts";
import type { TestProxy } from "./_proxy.ts";
import { element } from "./_s3_error.ts";

/**
 * One request of a history. In its texts `$bucket` stands for the side's bucket, and `$name`
 * for what a step before has remembered under that name.
 */
export interface Step {
  /** Amazon's name of the operation, as the origin must understand it. */
  readonly operation: string;
  /** The status that it must be answered with. */
  readonly status: number;
  /** Method and raw target. */
  readonly line: string;
  /** Header fields. */
  readonly headers?: readonly HeaderPair[];
  /** The body. */
  readonly body?: string;
  /** Whether Content-MD5 goes with the body. */
  readonly digest?: true;
  /** A header field or element of the answer to remember, and the name to remember it by. */
  readonly remember?: readonly [source: string, name: string];
}

/** A side of a history. */
interface Side {
  readonly bucket: string;
  readonly memory: Map<string, string>;
}

/** Fields and elements whose values the origin makes up anew each time. */
const ID_FIELDS: ReadonlySet<string> = new Set([
  "x-amz-version-id",
  "x-amz-copy-source-version-id",
]);
const ID_ELEMENTS =
  /<(VersionId|UploadId|DeleteMarkerVersionId|UploadIdMarker|NextUploadIdMarker)>[^<]+</g;

/**
 * Leads two fresh buckets through a history.
 *
 * @param proxy The proxy; its origin's clock must stand still.
 * @param steps The history.
 */
export async function leadTwins(proxy: TestProxy, steps: readonly Step[]): Promise<void> {
  const through: Side = { bucket: "twin-through", memory: new Map() };
  const direct: Side = { bucket: "twin-direct", memory: new Map() };
  for (const { bucket } of [through, direct]) proxy.origin.bucket(bucket);
  for (const step of steps) await compare(proxy, step, through, direct);
  assert.deepEqual(
    contents(proxy.origin.bucket(through.bucket)),
    contents(proxy.origin.bucket(direct.bucket)),
  );
}

async function compare(
  proxy: TestProxy,
  step: Step,
  through: Side,
  direct: Side,
): Promise<void> {
  const name = `${step.operation}, ${step.line}`;
  const request = requestOf(step, through);
  const before = proxy.origin.calls.length;
  if (/^(GET|HEAD|OPTIONS) /.test(step.line)) {
    const answers = await differential(proxy, request);
    remember(step, through, answers.cold);
    remember(step, direct, answers.cold);
    assert.equal(answers.direct.status, step.status, `${name}: ${answers.direct.text}`);
  } else {
    const answer = await proxy.client.send(request);
    const wanted = await proxy.direct.send(requestOf(step, direct));
    assert.equal(wanted.status, step.status, `${name}: ${wanted.text}`);
    assertAgree(neutral(answer, through), neutral(wanted, direct), name);
    remember(step, through, answer);
    remember(step, direct, wanted);
  }
  const operations = proxy.origin.calls.slice(before).map(({ operation }) => operation);
  assert.ok(operations.includes(step.operation), `${name}: ${operations}`);
}

function requestOf(step: Step, side: Side): TestRequest {
  const [method, target] = step.line.split(" ") as [string, string];
  const headers = (step.headers ?? []).map(([name, value]): HeaderPair => [
    name,
    filled(value, side),
  ]);
  if (step.body === undefined) return { method, target: filled(target, side), headers };
  const body = filled(step.body, side);
  if (step.digest === true) {
    headers.push(["content-md5", createHash("md5").update(body).digest("base64")]);
  }
  return { method, target: filled(target, side), headers, body };
}

function filled(text: string, { bucket, memory }: Side): string {
  return text.replace(
    /\$([a-z]+)/g,
    (_, name: string) =>
      name === "bucket" ? bucket : memory.get(name) ?? assert.fail(`nothing remembered as ${name}`),
  );
}

function remember({ remember }: Step, { memory }: Side, answer: Answer): void {
  if (remember === undefined) return;
  const [source, name] = remember;
  const value = answer.header(source) ?? element(answer.text, source);
  memory.set(name, value ?? assert.fail(`no ${source} in ${answer.text}`));
}

/** An answer as it is whichever of the buckets it concerns. */
function neutral(answer: Answer, { bucket }: Side): Answer {
  const headers = answer.headers.map(([name, value]): HeaderPair => [
    name,
    ID_FIELDS.has(name) ? "ID" : value.replaceAll(bucket, "BUCKET"),
  ]).filter(([name]) => name !== "content-length");
  const text = answer.text.replaceAll(bucket, "BUCKET").replace(ID_ELEMENTS, "<$1>ID<");
  return new Answer(answer.status, headers, new TextEncoder().encode(text));
}

/** All that a bucket holds, version and upload ids aside. */
function contents(bucket: Bucket): unknown {
  return {
    versioning: bucket.versioning,
    objectLock: bucket.objectLock,
    acl: bucket.acl,
    documents: [...bucket.documents].map(([name, bytes]) => [
      name,
      new TextDecoder().decode(bytes).replaceAll(bucket.name, "BUCKET"),
    ]),
    uploads: [...bucket.uploads.values()].map(({ template, parts }) => ({ template, parts })),
    versions: [...bucket.versions].map(([key, versions]) => [
      key,
      versions.map((version) => ({ ...version, versionId: "ID" })),
    ]),
  };
}
