/**
 * ListObjectVersions.
 *
 * @module
 */
import { type Answer, xmlAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { keyOfText } from "./keys.ts";
import { byBytes, type ListRequest, listRequest, objectParts, OWNER } from "./list_objects.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import type { Version } from "./stored_object.ts";
import { element, type XmlPart } from "./xml.ts";

/** One line of the listing: a version or a common prefix. */
type Line =
  | { readonly kind: "version"; readonly version: Version; readonly latest: boolean }
  | { readonly kind: "prefix"; readonly prefix: string };

/** `GET /bucket?versions` */
export function listObjectVersions(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const asked = listRequest(request);
  const keyMarker = keyOfText(request.query.get("key-marker") ?? "");
  const versionMarker = request.query.get("version-id-marker") ?? "";
  const lines = linesAfter(allLines(bucket, asked), keyMarker, versionMarker);
  const page = lines.slice(0, asked.maxKeys);
  const truncated = page.length < lines.length && asked.maxKeys > 0;
  const parts: XmlPart[] = [
    ["Name", bucket.name],
    ["Prefix", asked.encode(asked.prefix)],
    ["KeyMarker", asked.encode(keyMarker)],
    ["VersionIdMarker", versionMarker],
  ];
  const last = page.at(-1);
  if (truncated && last !== undefined) {
    parts.push(["NextKeyMarker", asked.encode(nameOf(last))]);
    if (last.kind === "version") parts.push(["NextVersionIdMarker", last.version.versionId]);
  }
  parts.push(["MaxKeys", String(asked.maxKeys)]);
  if (asked.delimiter !== "") parts.push(["Delimiter", asked.encode(asked.delimiter)]);
  if (asked.urlEncoded) parts.push(["EncodingType", "url"]);
  parts.push(["IsTruncated", String(truncated)]);
  return xmlAnswer("ListVersionsResult", [...parts, ...page.map((line) => write(line, asked))]);
}

/** Everything under the prefix: keys ascending, the versions of a key from the newest on. */
function allLines(bucket: Bucket, asked: ListRequest): readonly Line[] {
  const lines: Line[] = [];
  for (const key of [...bucket.versions.keys()].sort(byBytes)) {
    if (!key.startsWith(asked.prefix)) continue;
    const at = asked.delimiter === "" ? -1 : key.indexOf(asked.delimiter, asked.prefix.length);
    if (at >= 0) {
      const prefix = key.slice(0, at + asked.delimiter.length);
      const before = lines.at(-1);
      if (before?.kind !== "prefix" || before.prefix !== prefix) {
        lines.push({ kind: "prefix", prefix });
      }
      continue;
    }
    const newestFirst = bucket.versions.get(key)!.toReversed();
    for (const [index, version] of newestFirst.entries()) {
      lines.push({ kind: "version", version, latest: index === 0 });
    }
  }
  return lines;
}

function linesAfter(
  lines: readonly Line[],
  keyMarker: string,
  versionMarker: string,
): readonly Line[] {
  if (keyMarker === "") return lines;
  const at = lines.findIndex((line) =>
    line.kind === "version" && line.version.key === keyMarker &&
    line.version.versionId === versionMarker
  );
  return at >= 0 ? lines.slice(at + 1) : lines.filter((line) => nameOf(line) > keyMarker);
}

function nameOf(line: Line): string {
  return line.kind === "version" ? line.version.key : line.prefix;
}

function write(line: Line, asked: ListRequest): string {
  if (line.kind === "prefix") {
    return element("CommonPrefixes", [["Prefix", asked.encode(line.prefix)]]);
  }
  const { version, latest } = line;
  const parts: XmlPart[] = [
    ["Key", asked.encode(version.key)],
    ["VersionId", version.versionId],
    ["IsLatest", String(latest)],
  ];
  if (version.kind === "object") {
    return element("Version", [...parts, ...objectParts(version), OWNER]);
  }
  const lastModified = new Date(version.lastModified * 1000).toISOString();
  return element("DeleteMarker", [...parts, ["LastModified", lastModified], OWNER]);
}
