/**
 * The one error that reaches a client: Amazon's code, status and message.
 *
 * Codes and statuses are those of "List of error codes" in the Amazon S3 API Reference,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 *
 * @module
 */

/** Status and default message of every error code that the proxy can give. */
export const S3_ERRORS = {
  AccessDenied: [403, "Access Denied"],
  AuthorizationHeaderMalformed: [400, "The authorization header you provided is invalid."],
  AuthorizationQueryParametersError: [400, "The authorization query parameters are invalid."],
  BadDigest: [
    400,
    "The Content-MD5 or checksum value you specified did not match what we received.",
  ],
  BadRequest: [400, "An error occurred when parsing the HTTP request."],
  EntityTooLarge: [400, "Your proposed upload exceeds the maximum allowed object size."],
  IncompleteBody: [
    400,
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
  ],
  IncorrectNumberOfFilesInPostRequest: [400, "POST requires exactly one file upload per request."],
  InternalError: [500, "We encountered an internal error. Please try again."],
  InvalidAccessKeyId: [
    403,
    "The AWS access key ID you provided does not exist in our records.",
  ],
  InvalidArgument: [400, "Invalid Argument"],
  InvalidBucketName: [400, "The specified bucket is not valid."],
  InvalidPolicyDocument: [
    400,
    "The content of the form does not meet the conditions specified in the policy document.",
  ],
  InvalidRange: [416, "The requested range is not satisfiable"],
  InvalidRequest: [400, "Invalid Request"],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  InvalidToken: [400, "The provided token is malformed or otherwise not valid."],
  MalformedXML: [
    400,
    "The XML you provided was not well-formed or did not validate against our published schema.",
  ],
  MalformedPOSTRequest: [
    400,
    "The body of your POST request is not well-formed multipart/form-data.",
  ],
  MalformedTrailerError: [
    400,
    "The request contained trailing data that was not well-formed or did not conform to our " +
    "published schema.",
  ],
  MaxPostPreDataLengthExceededError: [
    400,
    "Your POST request fields preceding the upload file were too large.",
  ],
  MissingContentLength: [411, "You must provide the Content-Length HTTP header."],
  NotImplemented: [501, "A header you provided implies functionality that is not implemented."],
  PreconditionFailed: [
    412,
    "At least one of the pre-conditions you specified did not hold",
  ],
  RequestHeaderSectionTooLarge: [
    400,
    "Your request header section exceeds the maximum allowed request header section size.",
  ],
  RequestTimeout: [
    400,
    "Your socket connection to the server was not read from or written to within the timeout period.",
  ],
  RequestTimeTooSkewed: [
    403,
    "The difference between the request time and the current time is too large.",
  ],
  ServiceUnavailable: [503, "Service is unable to handle request."],
  SignatureDoesNotMatch: [
    403,
    "The request signature we calculated does not match the signature you provided. " +
    "Check your key and signing method.",
  ],
  SlowDown: [503, "Please reduce your request rate."],
  GatewayTimeout: [504, "The storage behind this endpoint did not answer in time."],
  XAmzContentSHA256Mismatch: [
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** An error code that the proxy can give. */
export type S3ErrorCode = keyof typeof S3_ERRORS;

/** What an error may say beyond its code. */
export interface S3ErrorOptions {
  /** The message in place of the code's own. Reaches the client: nothing secret. */
  readonly message?: string;
  /** Further elements of the error document, in order, as S3 gives them with some codes. */
  readonly details?: Readonly<Record<string, string>>;
  /** Header fields the answer carries beside its body, names in lower case. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** What brought it about, for the operator's log. */
  readonly cause?: unknown;
}

/**
 * An error that is answered to the client as S3's XML document. Thrown anywhere on a
 * request's way, made into an answer in one place.
 *
 * @example
 * ```ts
 * import { S3Error } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const error = new S3Error("AccessDenied");
 * assert.equal(error.status, 403);
 * assert.equal(error.message, "Access Denied");
 * ```
 */
export class S3Error extends Error {
  /** The class's name. */
  override readonly name = "S3Error";
  /** Amazon's error code. */
  readonly code: S3ErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** Further elements of the error document. */
  readonly details: Readonly<Record<string, string>>;
  /** Header fields beside the body. */
  readonly headers: readonly (readonly [name: string, value: string])[];

  /**
   * Makes an error.
   *
   * @param code Amazon's error code.
   * @param options What the error says beyond its code.
   */
  constructor(code: S3ErrorCode, options: S3ErrorOptions = {}) {
    super(options.message ?? S3_ERRORS[code][1], { cause: options.cause });
    this.code = code;
    this.status = S3_ERRORS[code][0];
    this.details = options.details ?? {};
    this.headers = options.headers ?? [];
  }
}
