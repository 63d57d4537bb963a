import type { Context } from "hono";
import type * as z from "zod";
import type { FieldError } from "../../shared/contract/problem.ts";
import {
  type BatchInput,
  BatchRow,
  misdated,
  type ResponseInput,
  type SavedResponse,
} from "../../shared/contract/responses.ts";
import { canonicalSpelling } from "../../shared/mail/addresses.ts";
import { claimedSpelling } from "../../shared/mail/mentions.ts";
import { dayMs } from "../../shared/time/durations.ts";
import { answeredAmong } from "../asking/offered.ts";
import type { App, Caller } from "../environment.ts";
import { firstErrors, Problem } from "../http/problem.ts";
import { valid } from "../http/validation.ts";
import { madeAt, timeless } from "../secrets/ids.ts";
import type { AskedSurvey, Place } from "../surveys/db/asked.ts";
import { findFormerSteps, latestAnswer, type Steps } from "../surveys/db/former-steps.ts";
import { hasVersion } from "../surveys/db/versions.ts";
import { hear } from "../surveys/follow-up.ts";
import { type NewResponse, type Saved, takenBack } from "./db/response.ts";

/** When an answer was given. A device's clock may be years off; the time at which it says it sends shows how far. */
export const givenAt = (
  { answered_at: answered, sent_at: sent }: z.output<typeof ResponseInput>,
  now: number,
) => (answered === undefined ? now : answered + (sent === undefined ? 0 : now - sent));

/** A time from a secret key, moved to now if it is up to a day ahead. Throws a 422. */
function toldAt(at: number, now: number): number {
  const fault = misdated(at, now);
  if (fault !== null) throw Problem.field("/answered_at", fault);
  return Math.min(at, now);
}

/** A time from a page, which it may keep for some days while it is offline. */
const shownAt = (at: number, now: number): number => Math.max(Math.min(at, now), now - latestAnswer);

/**
 * A validated body in the form in which it is stored; `trusted.answeredAt` is the time as it was given, `former` what
 * its survey asked before. Throws a 422 for a rating that is not on the scale, and for a time that a secret key cannot
 * mean.
 */
export function readResponse(
  c: Context<App>,
  caller: Caller,
  { touchpointRef, survey }: AskedSurvey,
  input: z.output<typeof BatchRow>,
  trusted: Pick<NewResponse, "channel" | "respondent" | "claimed" | "answeredAt">,
  former: readonly Steps[] = [],
): Read {
  const { now } = c.var;
  if (input.rating < survey.scaleMin || input.rating > survey.scaleMax) {
    throw Problem.field("/rating", `must be from ${survey.scaleMin} to ${survey.scaleMax}`);
  }
  const { respondent, claimed } = trusted;
  const answeredAt = caller.publishable ? shownAt(trusted.answeredAt, now) : toldAt(trusted.answeredAt, now);
  const isOtherDay = !caller.publishable && dayOf(trusted.answeredAt) !== dayOf(answeredAt);
  const { rating } = input;
  const told = { answers: input.answers, comment: input.comment ?? null };
  // Imported answers may come from other questions.
  const { ignored, leftOut, ...heard } =
    trusted.channel === "import"
      ? { ...told, leftOut: [], unasked: [], ignored: [] }
      : hear(survey, former, rating, told);
  const isUnknown = input.survey_version !== undefined && !hasVersion(survey, input.survey_version);
  const response: NewResponse = {
    ...trusted,
    respondent: respondent === null ? null : canonicalSpelling(respondent),
    claimed: claimed == null ? null : claimedSpelling(claimed),
    answeredAt,
    ...(caller.publishable && { withinAsked: true }),
    ...idsOf(c, caller, input),
    touchpointRef,
    surveyRef: survey.ref,
    surveyVersion: isUnknown ? undefined : input.survey_version,
    rating,
    ...heard,
    // Before revision 0 there was nothing that it could take back: some clients write null for none.
    comment: input.comment === null && input.revision > 0 ? takenBack : heard.comment,
    ...(leftOut.length > 0 && { leftOut }),
    stepsVersion: survey.stepsVersion,
    locale: input.locale ?? null,
    properties: input.properties ?? null,
    revision: input.revision,
  };
  const said = [...ignored, ...(isUnknown ? [unknownVersion] : [])];
  return { response, isUnheard: said.length > 0, ignored: isOtherDay ? [...said, ahead] : said };
}

const unknownVersion: FieldError = { pointer: "/survey_version", detail: "is no version of this survey" };

const ahead: FieldError = {
  pointer: "/answered_at",
  detail: "lies ahead, on another day: now stands in its place",
};

const dayOf = (at: number): number => Math.floor(at / dayMs);

/** A response to store, and what was left out of it. */
interface Read {
  response: NewResponse;
  ignored: FieldError[];
  /** Something was left out that the survey does not take, as far as this isolate has heard of it, or took before. */
  isUnheard: boolean;
}

/**
 * Removes the time from a page's id that claims to be made tomorrow or later, as clocks that run ahead do. Ordered by
 * id, it would come before all others. A retry after that time still finds the same response.
 */
function idsOf(
  c: Context<App>,
  caller: Caller,
  { id, earlier_id: earlierId }: z.output<typeof BatchRow>,
): Pick<NewResponse, "id" | "earlierId"> {
  const at = caller.publishable ? madeAt(id) : null;
  if (at === null) return { id, earlierId };
  return at > c.var.now + dayMs ? { id: timeless(id) } : { id, earlierId: timeless(id) };
}

/** The answer for one response: the id that was sent, and the one that is stored. Throws conflict. */
export function savedJson(
  sent: string,
  { id, status }: Saved,
  ignored: readonly FieldError[],
): z.input<typeof SavedResponse> {
  if (status === "conflict")
    throw new Problem("conflict", { errors: [{ pointer: "/id", detail: "belongs to another answer" }] });
  if (status === "unasked") throw Problem.field("/survey", "is not asked at this touchpoint");
  return {
    id: sent,
    ...(id !== sent && { stored_id: id }),
    status,
    ...(ignored.length > 0 && { ignored: firstErrors(ignored) }),
  };
}

/** The rows of a batch, or why one is refused. The others are still saved. */
export async function readRows(
  c: Context<App>,
  caller: Caller,
  { channel, responses }: z.output<typeof BatchInput>,
): Promise<(Read | Problem)[]> {
  const { now } = c.var;
  const inputs = responses.map((row) => orProblem(() => valid(BatchRow, row)));
  const places = inputs.flatMap((input): Place[] =>
    input instanceof Problem ? [] : [[input.touchpoint, input.survey ?? null]],
  );
  const asked = await answeredAmong(c, caller, places);
  const readRow = (input: (typeof inputs)[number], former?: Map<number, Steps[]>) =>
    input instanceof Problem
      ? input
      : orProblem(() => {
          const place = asked(input.touchpoint, input.survey ?? null);
          const trusted = {
            channel,
            respondent: input.respondent ?? null,
            answeredAt: input.answered_at ?? now,
          };
          return readResponse(c, caller, place, input, trusted, former?.get(place.survey.ref));
        });
  const rows = inputs.map((input) => ({ input, read: readRow(input) }));
  const lacking = rows.flatMap(({ read }) =>
    read instanceof Problem || !read.isUnheard ? [] : read.response.surveyRef,
  );
  const former = lacking.length > 0 ? await findFormerSteps(c.var.db, [...new Set(lacking)], now) : undefined;
  return rows.map(({ input, read }) =>
    read instanceof Problem || !read.isUnheard ? read : readRow(input, former),
  );
}

/** The value, or the problem that was thrown. */
export function orProblem<Value>(read: () => Value): Value | Problem {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return error;
    throw error;
  }
}
