/**
 * The Credential part of a signature: whose key, and for which day, region and service.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { isScopeDate } from "./amz_date.ts";
import { SERVICE, TERMINATOR } from "./signature.ts";

/** A credential: an access key and its scope. */
export interface CredentialScope {
  /** The access key's id. */
  readonly accessKeyId: string;
  /** The day, `YYYYMMDD` if it is well-formed. */
  readonly date: string;
  /** The region. */
  readonly region: string;
  /** The service, `s3` if it is right. */
  readonly service: string;
  /** The last part, `aws4_request` if it is right. */
  readonly terminator: string;
}

/** Makes the error of a form in which credentials come. */
export type ScopeFault = (fault: string, details?: Readonly<Record<string, string>>) => S3Error;

/** The error of a faulty `Authorization` header. */
export const headerFault: ScopeFault = (fault, details = {}) =>
  new S3Error("AuthorizationHeaderMalformed", {
    message: `The authorization header is malformed; ${fault}`,
    details,
  });

/** The error of a faulty `X-Amz-Credential` parameter. */
export const parameterFault: ScopeFault = (fault, details = {}) =>
  new S3Error("AuthorizationQueryParametersError", {
    message: `Error parsing the X-Amz-Credential parameter; ${fault}`,
    details,
  });

/**
 * Cuts a credential. An access key's id may hold slashes; the scope is what follows it.
 *
 * @param text For example `AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request`.
 * @param fault Makes the error.
 * @throws {S3Error} by `fault`, if there are fewer than five parts or no id.
 */
export function parseCredential(text: string, fault: ScopeFault): CredentialScope {
  const terminator = text.lastIndexOf("/");
  const service = text.lastIndexOf("/", terminator - 1);
  const region = text.lastIndexOf("/", service - 1);
  const date = text.lastIndexOf("/", region - 1);
  if (!(date > 0 && date < region && region < service && service < terminator)) {
    throw fault(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  return {
    accessKeyId: text.slice(0, date),
    date: text.slice(date + 1, region),
    region: text.slice(region + 1, service),
    service: text.slice(service + 1, terminator),
    terminator: text.slice(terminator + 1),
  };
}

/**
 * Holds a scope against what it must be.
 *
 * @param scope The scope as it came.
 * @param region The region that this endpoint stands for.
 * @param dateTime The time of the request, ISO 8601 basic and valid.
 * @param fault Makes the error.
 * @throws {S3Error} by `fault`.
 */
export function checkScope(
  scope: CredentialScope,
  region: string,
  dateTime: string,
  fault: ScopeFault,
): void {
  const day = dateTime.slice(0, 8);
  if (scope.terminator !== TERMINATOR) {
    throw fault(
      `incorrect terminal "${scope.terminator}". This endpoint uses "${TERMINATOR}".`,
    );
  }
  if (scope.service !== SERVICE) {
    throw fault(
      `incorrect service "${scope.service}". This endpoint belongs to "${SERVICE}".`,
    );
  }
  if (scope.region !== region) {
    throw fault(`the region '${scope.region}' is wrong; expecting '${region}'`, {
      Region: region,
    });
  }
  if (scope.date === day) return;
  if (!isScopeDate(scope.date)) {
    throw fault(
      `incorrect date format "${scope.date}". ` +
        'This date in the credential must be in the format "yyyyMMdd".',
    );
  }
  throw fault(
    `Invalid credential date "${scope.date}". ` +
      `This date is not the same as X-Amz-Date: "${day}".`,
  );
}
