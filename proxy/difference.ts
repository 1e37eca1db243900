/**
 * In what two answers to the same read differ.
 *
 * @module
 */
import { type HeaderPair, isChecksumField, isStoredField } from "@s3-edge-cache/s3";

/** The head of an answer. */
export interface AnswerHead {
  /** HTTP status. */
  readonly status: number;
  /** Header fields. */
  readonly headers: readonly HeaderPair[];
}

/** Whether an origin says by a status that it can't answer now: it tells nothing of the object. */
export function isNoAnswer(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** Fields that are not stored, and yet say what the bytes are. */
const LENGTHS: ReadonlySet<string> = new Set(["content-length", "content-range"]);

/**
 * Fields by which servers and what stands before them tell one answer from another. They are replayed
 * as they came, and say nothing of the object.
 */
const OF_ONE_ANSWER =
  /^(server|via|server-timing|nel|report-to|x-amz-cf-.*|cf-.*|x-(request|trace|correlation)-id|x-(served-by|timer|runtime|ratelimit-.*))$/;

/**
 * What differs between the head that the cache would have sent and that of the origin: `status`, or
 * else the names of fields. Error documents and answers without a body are held against each other by
 * their status, a 304 by its validators too.
 *
 * @param held What the cache would have sent.
 * @param fresh What the origin sent to the same request.
 */
export function headDifferences(held: AnswerHead, fresh: AnswerHead): string[] {
  if (held.status !== fresh.status) return ["status"];
  if (fresh.status === 304) return differing(held, fresh, isValidator).filter(bothSay(held, fresh));
  if (fresh.status >= 400) return [];
  const isPart = fresh.status === 206;
  return differing(held, fresh, (name) => {
    if (isPart && isChecksumField(name)) return false;
    return LENGTHS.has(name) || (isStoredField(name) && !OF_ONE_ANSWER.test(name));
  });
}

function isValidator(name: string): boolean {
  return name === "etag" || name === "last-modified";
}

function bothSay(one: AnswerHead, other: AnswerHead): (name: string) => boolean {
  const has = ({ headers }: AnswerHead, field: string) => headers.some(([name]) => name === field);
  return (name) => has(one, name) && has(other, name);
}

function differing(
  held: AnswerHead,
  fresh: AnswerHead,
  counts: (name: string) => boolean,
): string[] {
  const [one, other] = [valuesOf(held, counts), valuesOf(fresh, counts)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).sort();
}

/** The values of fields by name, those of repeated ones joined. */
function valuesOf({ headers }: AnswerHead, counts: (name: string) => boolean): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    if (!counts(name)) continue;
    const former = values.get(name);
    values.set(name, former === undefined ? value : `${former},${value}`);
  }
  return values;
}
