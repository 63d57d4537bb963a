import type { Context } from "hono";
import { cleanText } from "../../shared/contract/fields.ts";
import type { Answers } from "../../shared/contract/surveys/follow-up.ts";
import { noteAsking } from "../asking/db/askings.ts";
import { fromJson } from "../db/json.ts";
import type { App } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import { respondentHash } from "../people/person.ts";
import type { NewResponse, SaveStatus, StoredResponse } from "../responses/db/response.ts";
import { findResponse } from "../responses/db/responses.ts";
import { saveResponses } from "../responses/db/save.ts";
import { findFormerSteps, type Steps } from "../surveys/db/former-steps.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import { type Answerable, answersTo, askedStep, sameQuestions, unaskedSteps } from "../surveys/follow-up.ts";
import { forgetClick } from "./db/clicks.ts";
import { clickKey } from "./mailing-token.ts";
import { expired, type Link } from "./opened-link.ts";
import { maxLetters } from "./pages/step-form.tsx";

/** A rating that is given once, lies in the scale and is spelt as a number; never coerced: '' is not 0. */
export function ratingOf({ scaleMin, scaleMax }: SurveyRow, values: readonly string[] = []): number | null {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0 || !/^(0|[1-9]\d?)$/.test(value)) return null;
  const rating = Number(value);
  return rating >= scaleMin && rating <= scaleMax ? rating : null;
}

/** The key under which a link's clicks are one row; null: there is none, as each opening makes a new response. */
export async function clickKeyOf(
  { env }: Context<App>,
  { personal, invitation: { response, workspace, claimed }, claim }: Link,
): Promise<string | null> {
  if (personal) return response;
  return claim === null || claimed === null ? null : clickKey(env.CANDOR_SECRET, workspace, claimed, claim);
}

/** The answer to a step; undefined: none. Throws a 422 where it is too long. */
export function readAnswer(step: Answerable, given: readonly string[]): Answers[string] | undefined {
  if (step.kind === "text") {
    const text = cleanText(given[0] ?? "");
    const maxLength = maxLetters(step);
    if (text.length > maxLength) throw Problem.field("/answer", `must have at most ${maxLength} characters`);
    return text || undefined;
  }
  const taken = answersTo(step)?.filter((value) => given.includes(String(value))) ?? [];
  if (step.kind === "choices") return taken.length > 0 ? taken.map(String) : undefined;
  return taken[0];
}

/** A step, and the steps of its survey of which it is one. */
interface Found {
  steps: Steps;
  step: Answerable;
}

/**
 * The step that a form names, where the survey asks it after these answers, or lately asked it: the form was made with
 * what was asked then. null: it asked none.
 */
export async function findStep(
  { var: { db, now } }: Context<App>,
  { asked: { survey } }: Link,
  { rating, answers }: Pick<Saving, "rating" | "answers">,
  id: string,
): Promise<Found | null> {
  const find = (steps: Steps): Found[] => {
    const step = askedStep(survey, steps, rating, answers, id);
    return step ? [{ steps, step }] : [];
  };
  const present = fromJson(survey.steps);
  const [found] = find(present);
  if (found) return found;
  const former = (await findFormerSteps(db, [survey.ref], now)).get(survey.ref) ?? [];
  const [newest = null] = former.values().flatMap((steps) => find(sameQuestions(steps, present)));
  return newest;
}

/** The revision is the time, unix ms: of two answers the later one stands, whichever arrives last. */
interface Saving
  extends Pick<NewResponse, "rating" | "comment" | "answers" | "surveyVersion" | "revision" | "madeFrom"> {
  /** The steps with which its form was made; left out: those that the survey asks now. */
  steps?: Steps | undefined;
  /** Steps that were not asked before either: what is stored of them was answered when they were. */
  already?: readonly string[];
}

/** How often an answer is made anew where others change it at once. Each time, one of them is done. */
const maxTries = 6;

/**
 * Saves what `make` makes of what is stored, and makes it anew where that has changed meanwhile, so that none of several
 * answers at once is lost. It gets null where nothing is stored, and answers null where nothing is to be saved. Answers
 * the rating that stands.
 */
async function amend(
  c: Context<App>,
  link: Link,
  make: (stored: StoredResponse | null) => Saving | null,
): Promise<number> {
  const { workspace, invitation, survey } = link;
  for (let tries = 0; tries < maxTries; tries++) {
    const stored = await findResponse(c.var.db, workspace, invitation.response);
    const made = make(stored);
    if (!made) {
      if (!stored) throw expired(survey.locale);
      return stored.rating;
    }
    const madeFrom = stored?.revision ?? -1;
    const revision = Math.max(made.revision, madeFrom + 1);
    const status = await save(c, link, { ...made, revision, madeFrom });
    if (status === "created" || status === "updated") return made.rating;
  }
  throw new Problem("overloaded");
}

/** Ratings that a person may press on one page. Each is counted at once, with the next revision. */
const maxPressed = 100;

/**
 * On a link that takes one answer, the first rating stands. A comment may still follow where there is none, as after a
 * gesture. Only the page whose gesture counted the rating may correct it: its form offers other ratings, and whoever
 * goes for one has moved the mouse. `pageMade`: its first revision; null: no gesture counts on it. Answers the rating
 * that stands.
 */
export const saveFirst = (
  c: Context<App>,
  link: Link,
  saving: Saving,
  pageMade: number | null,
): Promise<number> =>
  amend(c, link, (first) => {
    if (!first) return saving;
    const pressed = pageMade === null ? -1 : first.revision - pageMade;
    const isOwn = pressed >= 0 && pressed < maxPressed && saving.revision > first.revision;
    if (first.rating !== saving.rating) return isOwn ? saving : null;
    return saving.comment !== null && first.comment === null ? saving : null;
  });

/** Adds the answer to a step. On a link that takes one answer, the first one to it stands. */
export const saveStepAnswer = (
  c: Context<App>,
  link: Link,
  { step, steps }: Found,
  answer: Answers[string],
): Promise<number> =>
  amend(c, link, (stored) => {
    if (!stored) return null;
    const { now } = c.var;
    const isComment = step.id === "comment";
    const before = fromJson(stored.answers) ?? {};
    const isAnswered = isComment ? stored.comment !== null : Object.hasOwn(before, step.id);
    const isLater = link.changeable && now > stored.revision;
    if (isAnswered && !isLater) return null;
    const unasked = unaskedSteps(link.asked.survey, steps, stored.rating, before);
    return {
      rating: stored.rating,
      comment: isComment ? String(answer) : null,
      answers: isComment ? before : { ...before, [step.id]: answer },
      steps,
      already: unasked.filter((other) => other !== step.id),
      revision: now,
    };
  });

export async function save(
  c: Context<App>,
  link: Link,
  {
    rating,
    comment,
    answers,
    surveyVersion,
    revision,
    madeFrom,
    steps = fromJson(link.asked.survey.steps),
    already = [],
  }: Saving,
): Promise<SaveStatus> {
  const { invitation, workspace, asked, survey } = link;
  const { now, db } = c.var;
  const { response: id, respondent, claimed, properties, channel } = invitation;
  const unasked = unaskedSteps(asked.survey, steps, rating, answers).filter((id) => !already.includes(id));
  const response: NewResponse = {
    id,
    touchpointRef: asked.touchpointRef,
    surveyRef: asked.survey.ref,
    surveyVersion,
    rating,
    comment,
    answers,
    unasked,
    stepsVersion: asked.survey.stepsVersion,
    revision,
    madeFrom,
    channel,
    locale: survey.locale,
    respondent,
    claimed,
    properties,
    answeredAt: now,
    withinAsked: true,
  };
  const [saved] = await saveResponses(db, workspace, [response], now);
  const status = saved?.status ?? "unchanged";
  if (status === "created") await noteAnswered(c, link, response);
  if (status === "conflict") throw new Problem("conflict");
  // An erased response does not come back, and must not be thanked for.
  if (status === "unchanged" && !(await findResponse(db, workspace, id))) throw expired(survey.locale);
  return status;
}

/**
 * Notes that the respondent of a link made for them was asked, for the same clocks as on a page. For a mail of
 * Candor's, sending noted it. A mailing's link proves no respondent: no clock starts, and only its unconfirmed click is
 * removed.
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
