/**
 * The writes of a program: what each sends, and by what in the origin it is known to be done.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { TestRequest } from "../_client.ts";
import { serialOf, type State } from "./_history.ts";

/** The ways to change an object. */
export type WriteKind =
  | "put"
  | "put-if-absent"
  | "delete"
  | "delete-many"
  | "delete-version"
  | "copy"
  | "replace-metadata"
  | "tag"
  | "untag"
  | "multipart";

/** A write of one object or of two. */
export interface WriteOrder {
  readonly kind: WriteKind;
  /** Tells it from every other write of the program. */
  readonly serial: string;
  /** The path of its object, `/bucket/key`. */
  readonly path: string;
  /** The path of another object: the source of a copy, the second to be deleted. */
  readonly other: string;
  /** The version that is deleted. */
  readonly versionId: string;
  /** Bytes of what is written. */
  readonly size: number;
}

/** The bytes that a write puts: every byte tells whose it is. */
export function bodyOf({ serial, size }: WriteOrder): Uint8Array {
  const salt = Number(serial) * 37;
  return Uint8Array.from({ length: size }, (_, i) => (salt + i * 7 + (i >> 8) * 13) & 255);
}

/** The request of a write that takes only one. */
export function writeRequest(order: WriteOrder): TestRequest {
  const { path, other, serial } = order;
  const named: HeaderPair = ["x-amz-meta-serial", serial];
  switch (order.kind) {
    case "put":
      return { method: "PUT", target: path, body: bodyOf(order), headers: [named] };
    case "put-if-absent":
      return {
        method: "PUT",
        target: path,
        body: bodyOf(order),
        headers: [named, ["if-none-match", "*"]],
      };
    case "delete":
      return { method: "DELETE", target: path };
    case "delete-version":
      return { method: "DELETE", target: `${path}?versionId=${order.versionId}` };
    case "delete-many":
      return deleteMany([path, other]);
    case "copy":
    case "replace-metadata":
      return {
        method: "PUT",
        target: path,
        body: "",
        headers: [
          named,
          ["x-amz-copy-source", order.kind === "copy" ? other : path],
          ["x-amz-metadata-directive", "REPLACE"],
        ],
      };
    case "tag":
      return { method: "PUT", target: `${path}?tagging`, body: tagging(serial) };
    case "untag":
      return { method: "DELETE", target: `${path}?tagging` };
    case "multipart":
      return { method: "POST", target: `${path}?uploads`, body: "", headers: [named] };
  }
}

function deleteMany(paths: readonly string[]): TestRequest {
  const objects = paths.map((path) => `<Object><Key>${path.split("/")[2]}</Key></Object>`);
  const body = `<Delete>${objects.join("")}</Delete>`;
  const md5 = createHash("md5").update(body).digest("base64");
  return { method: "POST", target: "/bucket?delete", body, headers: [["content-md5", md5]] };
}

/** As many tags as the serial's last digit says, and one; each tells its write. */
function tagging(serial: string): string {
  const tags = Array.from(
    { length: Number(serial) % 9 + 1 },
    (_, i) => `<Tag><Key>k${i}</Key><Value>${serial}</Value></Tag>`,
  );
  return `<Tagging><TagSet>${tags.join("")}</TagSet></Tagging>`;
}

/**
 * Whether a state of its object shows a write done. What leaves no name of its own (a delete) is
 * known by its outcome, which another may have brought about before: the earliest counts.
 */
export function shows(state: State, { kind, serial }: WriteOrder): boolean {
  switch (kind) {
    case "delete":
    case "delete-many":
    case "delete-version":
      return state === undefined;
    case "untag":
      return state === undefined || state.tags.length === 0;
    case "tag":
      return state !== undefined && state.tags.some(([, value]) => value === serial);
    default:
      return state !== undefined && serialOf(state) === serial;
  }
}
