import assert from "node:assert/strict";
import type { Answer, TestClient } from "../_client.ts";
import { contentMd5 } from "./_content_md5.ts";
import type { Comparable } from "../_agreement.ts";
import { assertSameAnswer } from "./_differential.ts";
import { startFixture } from "./_fixture.ts";
import { e2eTest } from "./_tools.ts";
import { WRITE_STEPS, type WriteStep } from "./_write_steps.ts";

/** Elements and fields whose values differ between two buckets that were treated alike. */
const VOLATILE_ELEMENTS =
  /<(LastModified|CreationDate|Initiated|UploadId|VersionId|DeleteMarkerVersionId|NextVersionIdMarker)>[^<]+<\/\1>/g;
const VOLATILE_FIELDS: ReadonlySet<string> = new Set([
  "last-modified",
  "x-amz-copy-source-version-id",
  "x-amz-version-id",
]);

/** One of the two buckets: who writes to it, and what it has told. */
interface Twin {
  readonly client: TestClient;
  readonly told: Map<string, string>;
}

/** Puts what a bucket has told in its place. */
function filled(text: string, { told }: Twin): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => told.get(name) ?? placeholder);
}

async function perform(step: WriteStep, twin: Twin): Promise<Answer> {
  const body = filled(step.body, twin);
  twin.told.set("md5", contentMd5(body)[1]);
  const answer = await twin.client.send({
    method: step.method,
    target: filled(step.target, twin),
    headers: step.headers.map(([name, value]) => [name, filled(value, twin)]),
    body,
  });
  const text = answer.headers.map((pair) => pair.join(": ")).join("\n") + answer.text;
  for (const [name, pattern] of Object.entries(step.capture)) {
    const found = pattern.exec(text)?.[1];
    assert.ok(found !== undefined, `${step.name}: no ${name} in ${answer.status} ${text}`);
    twin.told.set(name, found);
  }
  return answer;
}

/** Takes out of an answer what only its own bucket can say. */
function mask({ status, headers, body }: Comparable): Comparable {
  const masked = body.replace(VOLATILE_ELEMENTS, "<$1/>");
  const kept = masked === body ? headers : headers.filter(([name]) => name !== "content-length");
  return {
    status,
    headers: kept.map(([name, value]) => [
      name,
      VOLATILE_FIELDS.has(name) ? "*" : value.replaceAll(/twin-[ab]/g, "twin-x"),
    ]),
    body: masked.replaceAll(/twin-[ab]/g, "twin-x"),
  };
}

e2eTest("writes answer and end as at the origin", ["versitygw"], async (t, { versitygw }) => {
  await using fixture = await startFixture(versitygw, []);
  const { client, direct } = fixture;
  const proxied: Twin = { client, told: new Map([["bucket", "twin-a"]]) };
  const plain: Twin = { client: direct, told: new Map([["bucket", "twin-b"]]) };
  let accepted = 0;
  for (const step of WRITE_STEPS) {
    await t.step(step.name, async () => {
      const answer = await perform(step, proxied);
      assertSameAnswer(answer, await perform(step, plain), step.name, mask);
      if (answer.status < 300) accepted++;
    });
  }
  assert.ok(accepted > 90, `only ${accepted} steps were accepted by the origin`);
  await t.step("both buckets hold the same", async () => {
    const listings = ["?versions", "?list-type=2", "?uploads", "?tagging", "?policy", "?acl"];
    const keys = [...(await direct.get("/twin-b?versions")).text.matchAll(/<Key>([^<]+)/g)];
    const paths = keys.map(([, key]) => `/${encodeURIComponent(key!.replaceAll("&amp;", "&"))}`);
    for (const path of [...listings, ...new Set(paths)]) {
      const seen = await direct.get(`/twin-a${path}`);
      assertSameAnswer(seen, await direct.get(`/twin-b${path}`), path, mask);
    }
  });
});
