/**
 * `multipart/form-data`, RFC 7578, as browsers send it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { OriginError } from "./error.ts";

/** A form that was read. */
export interface Form {
  /** The fields before the file by their names in lower case; values as text. */
  readonly fields: ReadonlyMap<string, string>;
  /** The file's name as it was given. */
  readonly fileName: string;
  /** The file's own Content-Type. */
  readonly fileType: string | undefined;
  /** The file. */
  readonly file: Uint8Array;
}

/**
 * Reads a form.
 *
 * @param contentType The request's Content-Type.
 * @param body The request's body.
 * @throws {OriginError} MalformedPOSTRequest; InvalidArgument without a file. What stands
 * behind the file is ignored, as S3 does.
 */
export function readForm(contentType: string | undefined, body: Uint8Array): Form {
  const match = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? "");
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw new OriginError("MalformedPOSTRequest");
  const text = "\r\n" + Buffer.from(body).toString("latin1");
  const pieces = text.split(`\r\n--${boundary}`).slice(1);
  if (pieces.at(-1)?.startsWith("--") !== true) throw new OriginError("MalformedPOSTRequest");
  const fields = new Map<string, string>();
  for (const piece of pieces.slice(0, -1)) {
    const part = readPart(piece);
    if (part.name.toLowerCase() === "file") {
      return {
        fields,
        fileName: part.fileName ?? "",
        fileType: part.type,
        file: Buffer.from(part.value, "latin1"),
      };
    }
    fields.set(part.name.toLowerCase(), Buffer.from(part.value, "latin1").toString());
  }
  throw new OriginError("InvalidArgument", {
    message: "POST requires exactly one file upload per request.",
    details: { ArgumentName: "file", ArgumentValue: "0" },
  });
}

interface FormPart {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly type: string | undefined;
  /** A byte string. */
  readonly value: string;
}

function readPart(piece: string): FormPart {
  const end = piece.indexOf("\r\n\r\n");
  const head = Buffer.from(piece.slice(0, Math.max(0, end)), "latin1").toString();
  const disposition = /^content-disposition:\s*form-data(.*)$/im.exec(head)?.[1];
  const name = /;\s*name="([^"]*)"/i.exec(disposition ?? "")?.[1];
  if (end < 0 || !piece.startsWith("\r\n") || name === undefined) {
    throw new OriginError("MalformedPOSTRequest");
  }
  return {
    name,
    fileName: /;\s*filename="([^"]*)"/i.exec(disposition!)?.[1],
    type: /^content-type:\s*(.*?)\s*$/im.exec(head)?.[1],
    value: piece.slice(end + 4),
  };
}
