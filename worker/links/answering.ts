import type { Context } from "hono";
import { cleanText } from "../../shared/contract/fields.ts";
import type { Answers } from "../../shared/contract/surveys/follow-up.ts";
import type { AskedStep } from "../../shared/surveys/steps.ts";
import { noteAsking } from "../asking/db/askings.ts";
import type { App } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import type { NewResponse } from "../responses/db/response.ts";
import { findResponse } from "../responses/db/responses.ts";
import { saveResponses } from "../responses/db/save.ts";
import { respondentHash } from "../secrets/secrets.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import { unaskedSteps } from "../surveys/follow-up.ts";
import { forgetClick } from "./db/clicks.ts";
import { clickKey } from "./mailing-token.ts";
import { expired, type Link } from "./opened-link.ts";
import { maxLetters } from "./pages/step-form.tsx";

/** A rating given once, in the scale and spelt as a number is; never coerced: '' is not 0. */
export function ratingOf({ scaleMin, scaleMax }: SurveyRow, values: readonly string[] = []): number | null {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0 || !/^(0|[1-9]\d?)$/.test(value)) return null;
  const rating = Number(value);
  return rating >= scaleMin && rating <= scaleMax ? rating : null;
}

/** Under what its clicks are one row; null: each time that it is opened it is another one. */
export async function clickKeyOf(
  { env }: Context<App>,
  { personal, invitation: { response, workspace, claimed }, claim }: Link,
): Promise<string | null> {
  if (personal) return response;
  return claim === null || claimed === null ? null : clickKey(env.CANDOR_SECRET, workspace, claimed, claim);
}

/** What was answered to a step; undefined: nothing. Throws a 422 where it is too long. */
export function readAnswer(step: AskedStep, given: readonly string[]): Answers[string] | undefined {
  if (step.kind === "text") {
    const text = cleanText(given[0] ?? "");
    const most = maxLetters(step);
    if (text.length > most) throw Problem.field("/answer", `must have at most ${most} characters`);
    return text || undefined;
  }
  const possible = step.scale?.map(({ rating }) => String(rating)) ?? step.choices?.map(([id]) => id) ?? [];
  const taken = possible.filter((value) => given.includes(value));
  if (step.kind === "choices") return taken.length > 0 ? taken : undefined;
  return step.kind === "rating" && taken[0] ? Number(taken[0]) : taken[0];
}

/**
 * The revision is the time, unix ms: of two answers the later stands, whichever arrives last. Of a link that takes one answer
 * it is how often that was added to: of two who add to it at once the first does, and the other fills what is still empty.
 */
type Saving = Pick<NewResponse, "rating" | "comment" | "answers" | "revision">;

/**
 * Of a link that takes one answer the first stands: where it is a rating alone, as of a gesture, a comment to that may follow.
 * The rating is saved by itself, so that of two answers at once none gets the other's comment. Answers the rating that stands.
 */
export async function saveFirst(c: Context<App>, link: Link, { rating, comment }: Saving): Promise<number> {
  const { workspace, invitation, survey } = link;
  const find = () => findResponse(c.var.db, workspace, invitation.response);
  let first = await find();
  if (!first) {
    await save(c, link, { rating, comment: null, revision: 0 });
    first = await find();
  }
  if (!first) throw expired(survey.locale);
  if (comment !== null && first.comment === null && first.rating === rating)
    await save(c, link, { rating, comment, revision: first.revision + 1 });
  return first.rating;
}

export async function save(
  c: Context<App>,
  link: Link,
  { rating, comment, answers, revision }: Saving,
): Promise<number> {
  const { invitation, workspace, asked, survey } = link;
  const { now, db } = c.var;
  const { response: id, respondent, claimed, properties, channel } = invitation;
  const unasked = unaskedSteps(asked.survey, rating, answers);
  const response: NewResponse = {
    id,
    touchpointRef: asked.touchpointRef,
    surveyRef: asked.survey.ref,
    rating,
    comment,
    answers,
    unasked,
    revision,
    channel,
    locale: survey.locale,
    respondent,
    claimed,
    properties,
    answeredAt: now,
  };
  const [{ status } = { status: "unchanged" }] = await saveResponses(db, workspace, [response], now);
  if (status === "created") await noteAnswered(c, link, response);
  if (status === "conflict") throw new Problem("conflict");
  // What was erased does not come back, and must not be thanked for.
  if (status === "unchanged" && !(await findResponse(db, workspace, id))) throw expired(survey.locale);
  return rating;
}

/**
 * Whoever answers a link that was made for them was asked, by the same clocks as on a page; whom Candor mailed was when the
 * mail was sent. Whom a mailing's link names nobody proved: no clock of theirs starts, and only what was clicked is settled.
 */
async function noteAnswered(
  c: Context<App>,
  link: Link,
  { touchpointRef, surveyRef }: NewResponse,
): Promise<void> {
  const { db, now } = c.var;
  const { invitation, personal, workspace } = link;
  const { respondent, workspace: workspaceId, channel } = invitation;
  if (personal && channel === "link" && respondent !== null) {
    const hash = await respondentHash(c.env.CANDOR_SECRET, workspaceId, respondent);
    await db.batch([noteAsking(workspace, { touchpointRef, surveyRef, channel, now }, hash)]);
  }
  const key = personal ? null : await clickKeyOf(c, link);
  if (key !== null) await forgetClick(db, workspace, key);
}
