/**
 * Filling an entry with the mark of a body, while the body goes to its client.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import { NOT_SHARED } from "./abort_code.ts";
import { BodyMark, fillWithMark } from "./body_mark.ts";
import { watchedBody } from "./complete_body.ts";
import type { EntryRecord } from "./entry_record.ts";
import { type Content, contentOf, overridden } from "./keep.ts";
import { READ_DEFAULTS } from "./read_rules.ts";
import { type Reading, type Sources, withoutOverrides } from "./reading.ts";
import { miss, type RawResponse } from "./request.ts";

/**
 * Answers a read from the origin, and fills its entry.
 *
 * @param fill Not begun; ended here in every case.
 * @param reading The read.
 * @param sources What reads are answered from.
 */
export async function leadMark(
  fill: Fill<EntryRecord>,
  reading: Reading,
  { cache, now, next }: Pick<Sources, "cache" | "now" | "next">,
): Promise<RawResponse> {
  const { request, address, form } = reading;
  const response = await asked(fill, reading, next);
  const answer = response.status < 300 ? overridden(response, reading) : response;
  if (response.status !== (form === "part" ? 206 : 200)) {
    fill.abort(NOT_SHARED);
    return { ...answer, outcome: miss(false) };
  }
  const content = contentOf(response, reading, { rules: READ_DEFAULTS });
  if (content === undefined || !isAnnounced(fill, content)) {
    fill.abort(NOT_SHARED);
    cache.drop(address.object, address.variant);
    return { ...answer, outcome: miss(false) };
  }
  const { record, version, size, check, body } = content;
  const mark = new BodyMark();
  const watched = watchedBody(body, size, {
    onView: (view) => {
      mark.update(view);
      check.update(view);
    },
    onComplete: () => {
      const isGood = check.passes() &&
        (size !== undefined || fill.begin(record, mark.size, version));
      if (isGood) fillWithMark(fill, mark.finish(), mark.size, now());
      else request.raw.trace.fillGivenUp = true;
    },
    onRelease: () => fill.abort(),
  });
  return { ...answer, body: watched, outcome: miss(true) };
}

async function asked(
  fill: Fill<EntryRecord>,
  { request }: Reading,
  next: Sources["next"],
): Promise<RawResponse> {
  try {
    return await next(withoutOverrides(request));
  } catch (error) {
    fill.abort();
    throw error;
  }
}

/** Takes room for a body whose size is known; for another that has to wait. */
function isAnnounced(fill: Fill<EntryRecord>, { record, size, version }: Content): boolean {
  return size === undefined || fill.begin(record, size, version);
}
