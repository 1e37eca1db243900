/**
 * A client's body, decoded and verified on its way.
 *
 * Invariant: the last piece of data is handed on only after everything that speaks for the body
 * has been checked. Until then the request to the origin, whose length is known, is unfinished,
 * and if a check fails the stream errors and the request never gets whole.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { S3Error } from "@s3-edge-cache/s3";
import { ChunkSignatures } from "./chunk_signatures.ts";
import { ChunkedBody } from "./chunked_body.ts";
import type { Trailer } from "./payload.ts";
import type { VerifiedSignature } from "./verify.ts";

/** A body as it goes on from here. */
export interface VerifiedBody {
  /** The data without framing. It ends well only if all of it was verified. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Length of the data in bytes. */
  readonly length: number;
  /** The trailer that the body came with, if it had one. */
  readonly trailer: VerifiedTrailer | undefined;
}

/** A trailer whose value is known, and verified, when the data has ended. */
export interface VerifiedTrailer extends Trailer {
  /** The value; throws an Error before the stream's end. */
  readonly value: () => string;
}

/** Checks a body as it comes. */
interface BodyCheck {
  /** Takes in bytes, gives out the data among them. */
  write(bytes: Uint8Array): readonly Uint8Array[];
  /** Ends the body; throws S3Error if it is not what it should be. */
  end(): void;
}

/**
 * Verifies a body while it passes.
 *
 * @param body The body as it came, `null` for none.
 * @param signature What the request's signature says.
 * @param contentLength Length of the body as it came, in bytes; `undefined` if it is not known
 * beforehand, which only an aws-chunked body may leave open.
 * @returns The data. Where there is none to hold back (a length of 0), the body has been read
 * and verified by then.
 * @throws {S3Error} MissingContentLength; for an empty body everything that the stream would
 * error with: XAmzContentSHA256Mismatch, IncompleteBody, SignatureDoesNotMatch, BadDigest,
 * InvalidRequest, MalformedTrailerError.
 */
export async function verifiedBody(
  body: ReadableStream<Uint8Array> | null,
  signature: VerifiedSignature,
  contentLength: number | undefined,
): Promise<VerifiedBody> {
  const { payload } = signature;
  const announced = contentLength ?? (body === null ? 0 : undefined);
  if (payload.kind !== "chunked" && announced === undefined) {
    throw new S3Error("MissingContentLength");
  }
  const length = payload.kind === "chunked" ? payload.decodedLength : announced!;
  const source = body ?? emptyStream();
  const chunked = payload.kind === "chunked"
    ? new ChunkedBody(payload, payload.signed ? new ChunkSignatures(signature) : undefined)
    : undefined;
  const check = new LengthCheck(
    chunked ?? (payload.kind === "sha256" ? new HashCheck(payload.hash) : PASS),
    announced,
  );
  let stream = heldBack(source, check);
  if (length === 0) {
    for await (const _ of stream);
    stream = emptyStream();
  }
  const trailer = payload.kind === "chunked" ? payload.trailer : undefined;
  return {
    stream,
    length,
    trailer: trailer && { ...trailer, value: () => trailerValue(chunked) },
  };
}

function trailerValue(body: ChunkedBody | undefined): string {
  const value = body?.trailerValue;
  if (value === undefined) throw new Error("the trailer is not known before the body's end");
  return value;
}

/** Lets everything pass. */
const PASS: BodyCheck = {
  write: (bytes) => [bytes],
  end() {},
};

/** Holds the whole body against its hash. */
class HashCheck implements BodyCheck {
  readonly #expected: string;
  readonly #hash = createHash("sha256");

  constructor(expected: string) {
    this.#expected = expected;
  }

  write(bytes: Uint8Array): readonly Uint8Array[] {
    this.#hash.update(bytes);
    return [bytes];
  }

  end(): void {
    const computed = this.#hash.digest("hex");
    if (computed === this.#expected) return;
    throw new S3Error("XAmzContentSHA256Mismatch", {
      details: {
        ClientComputedContentSHA256: this.#expected,
        S3ComputedContentSHA256: computed,
      },
    });
  }
}

/** Holds the body's length, framing included, against the one announced. */
class LengthCheck implements BodyCheck {
  readonly #check: BodyCheck;
  readonly #announced: number | undefined;
  #length = 0;

  constructor(check: BodyCheck, announced: number | undefined) {
    this.#check = check;
    this.#announced = announced;
  }

  write(bytes: Uint8Array): readonly Uint8Array[] {
    this.#length += bytes.length;
    if (this.#announced !== undefined && this.#length > this.#announced) {
      throw new S3Error("IncompleteBody");
    }
    return this.#check.write(bytes);
  }

  end(): void {
    if (this.#announced !== undefined && this.#length !== this.#announced) {
      throw new S3Error("IncompleteBody");
    }
    this.#check.end();
  }
}

function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.close();
    },
  });
}

/** Reads on. A client that leaves, or whose framing breaks, has not sent its body. */
async function readClient(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (error) {
    throw error instanceof S3Error ? error : new S3Error("IncompleteBody", { cause: error });
  }
}

/** The data of a body, its last piece handed on only when the check has ended well. */
function heldBack(
  source: ReadableStream<Uint8Array>,
  check: BodyCheck,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let held: Uint8Array | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let given = false;
      while (!given) {
        const { done, value } = await readClient(reader);
        if (done) {
          check.end();
          if (held !== undefined) controller.enqueue(held);
          controller.close();
          return;
        }
        try {
          for (const data of check.write(value)) {
            if (data.length === 0) continue;
            if (held !== undefined) {
              controller.enqueue(held);
              given = true;
            }
            held = data;
          }
        } catch (error) {
          reader.cancel(error).catch(() => {});
          throw error;
        }
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
