/**
 * The header fields that say something about the signature itself.
 *
 * @module
 */
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import { parseAmzDate, parseHttpDate } from "./amz_date.ts";

/** The fields that say something about the signature; repeated ones are joined by commas. */
export interface AuthFields {
  /** How many `authorization` fields there are. */
  authorizations: number;
  /** The last of them. */
  authorization: string;
  /** `x-amz-date`. */
  amzDate: string | undefined;
  /** `date`. */
  date: string | undefined;
  /** `x-amz-content-sha256`. */
  contentSha256: string | undefined;
  /** `x-amz-security-token`. */
  securityToken: string | undefined;
}

/** Finds these fields in one walk over all. */
export function authFields(pairs: readonly HeaderPair[]): AuthFields {
  const fields: AuthFields = {
    authorizations: 0,
    authorization: "",
    amzDate: undefined,
    date: undefined,
    contentSha256: undefined,
    securityToken: undefined,
  };
  for (const [name, value] of pairs) {
    switch (name) {
      case "authorization":
        fields.authorizations++;
        fields.authorization = value;
        break;
      case "date":
        fields.date = join(fields.date, value);
        break;
      case "x-amz-date":
        fields.amzDate = join(fields.amzDate, value);
        break;
      case "x-amz-content-sha256":
        fields.contentSha256 = join(fields.contentSha256, value);
        break;
      case "x-amz-security-token":
        fields.securityToken = join(fields.securityToken, value);
        break;
    }
  }
  return fields;
}

function join(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before},${value}`;
}

/**
 * The time that a request in the header form says.
 *
 * @returns Milliseconds since the epoch.
 * @throws {S3Error} AccessDenied if there is no date, or none that is one.
 */
export function requestTime(fields: AuthFields): number {
  const time = fields.amzDate !== undefined
    ? parseAmzDate(fields.amzDate)
    : fields.date !== undefined
    ? parseAmzDate(fields.date) ?? parseHttpDate(fields.date)
    : undefined;
  if (time !== undefined) return time;
  throw invalidDate();
}

/**
 * Refuses a request of Signature Version 2 that has no date, or none since the epoch.
 *
 * @throws {S3Error} AccessDenied.
 */
export function checkVersion2Date({ amzDate, date }: AuthFields): void {
  const text = amzDate ?? date ?? "";
  const time = parseAmzDate(text) ?? parseHttpDate(text);
  if (time === undefined || time < 0) throw invalidDate();
}

function invalidDate(): S3Error {
  return new S3Error("AccessDenied", {
    message: "AWS authentication requires a valid Date or x-amz-date header",
  });
}
