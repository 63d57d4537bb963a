import type { Context, Hono } from "hono";
import { renderSVG } from "uqr";
import * as z from "zod";
import { cleanText } from "../../shared/contract/fields.ts";
import { type Answers, answers as answersSchema } from "../../shared/contract/flow.ts";
import { ResponseInput } from "../../shared/contract/responses.ts";
import { type AskedStep, stepsFor } from "../../shared/steps.ts";
import type { App } from "../app.ts";
import { readText } from "../body.ts";
import { noteAsking } from "../db/askings.ts";
import { forgetClick, noteClick } from "../db/clicks.ts";
import { findResponse, type NewResponse, saveResponses } from "../db/responses.ts";
import type { SurveyRow } from "../db/surveys.ts";
import { openEndpoint } from "../endpoint.ts";
import { unaskedSteps } from "../flow.ts";
import { openInvitation, sealInvitation } from "../invitation.ts";
import { claimKey, clickKey } from "../mailing.ts";
import { Problem } from "../problem.ts";
import { respondentHash, seal, secretsOf, unseal } from "../secrets.ts";
import { byAnyToken, byCode, byOwnToken, expired, type Link, openLink } from "./link.ts";
import { signsOf } from "./machine.ts";
import { Notice } from "./notice.tsx";
import { sendPage } from "./page.tsx";
import { problemsAsPages } from "./problem-page.tsx";
import { mostLetters, StepForm } from "./step-form.tsx";
import { SurveyForm } from "./survey-form.tsx";

/** Bytes. A comment of 4000 letters takes up to 12 bytes for each once a form has encoded it. */
const formLimit = 65_536;

const AnswerForm = z.object({
  rating: z.string().optional().describe("A whole number of the survey's scale"),
  comment: z.string().optional().describe("At most 4000 characters"),
  opened: z
    .string()
    .optional()
    .describe(
      "When the page was made, unix ms: sent by its script at a person's first gesture, and answered by 204",
    ),
  again: z
    .string()
    .optional()
    .describe("What a mailing's page kept of the answer before, which this one changes: sent by its script"),
  step: z.string().optional().describe("Instead of a rating: the step that is answered"),
  answer: z.string().optional().describe("To the step; of choices as often as there are"),
});

const page = (description: string) => ({ description, page: true }) as const;
const refused = { 404: page("Not a survey link of ours"), 410: page("The link has expired or was revoked") };

/**
 * The page behind a survey link, at two addresses: `/r/` and the code of an invitation that is stored, `/s/` and a token
 * that says all itself. A GET shows the survey and saves no answer, because mail scanners and previews open every link;
 * what counts is a POST, which the page's script sends at a person's first gesture, and without scripts its button.
 */
export function surveyLinkPage(app: Hono<App>): void {
  for (const path of ["/s/*", "/r/*"]) app.use(path, problemsAsPages);
  for (const [path, toShow, toAnswer] of [
    ["/s/:link", byAnyToken, byOwnToken],
    ["/r/:link", byCode, byCode],
  ] as const) {
    openEndpoint(
      app,
      {
        method: "get",
        path,
        summary: "The survey page behind a link; ?rating=9 preselects. Opening it counts nothing",
        answers: { 200: page("The survey, a step of it, or thanks"), ...refused },
      },
      async (c) => showSurvey(c, await openLink(c, toShow)),
    );
    openEndpoint(
      app,
      {
        method: "post",
        path,
        summary: "Save the answer of the survey page; the same link again changes it",
        form: AnswerForm,
        answers: {
          204: { description: "A gesture's rating is saved" },
          303: { description: "Saved; the page with the next step, or that says thanks" },
          422: page("The form again, with what is missing"),
          ...refused,
        },
      },
      async (c) => {
        // Before anything can refuse: a browser whose body is left unread sees a broken connection and not the page.
        const text = await readText(c.req.raw, formLimit);
        const link = await openLink(c, toAnswer);
        const form = readForm(c, text);
        if (form.has("step")) return saveStep(c, link, form);
        return saveRating(c, await answeredBefore(c, link, form.get("again")), form);
      },
    );
  }

  openEndpoint(
    app,
    {
      method: "get",
      path: "/r/:link/qr.svg",
      summary: "An invitation's link as a QR code",
      answers: {
        200: { description: "SVG, black on white" },
        404: { description: "Not a survey link of ours" },
      },
    },
    async (c) => {
      const { action } = await openLink(c, byCode);
      const svg = renderSVG(new URL(action, c.req.url).href, { border: 4 });
      return c.body(svg, 200, { "content-type": "image/svg+xml" });
    },
  );
}

async function showSurvey(c: Context<App>, link: Link): Promise<Response> {
  const { invitation, personal, changeable, workspace, asked, survey, flow, fixed, action, dress, claim } =
    link;
  const progress = await readProgress(c, link);
  if (progress) return showNext(link, progress, c.req.query("answered") ?? "");
  const saved = personal ? await findResponse(c.var.db, workspace, invitation.response) : null;
  if (saved && !changeable) return showThanks(link, saved.rating);
  // The rating comes back, the comment does not: links get forwarded, and what was written is not for others.
  const clicked = ratingOf(asked.survey, c.req.queries("rating"));
  const isNews = clicked !== null && clicked !== saved?.rating;
  const key = await clickKeyOf(c, link);
  if (isNews && !saved && key !== null) {
    const { touchpointRef } = asked;
    const where = { response: key, claimed: claim !== null, touchpointRef, surveyRef: asked.survey.ref };
    const click = { ...where, rating: clicked, signs: signsOf(c) };
    c.executionCtx.waitUntil(noteClick(c.var.db, workspace, click, c.var.now));
  }
  const byGesture = isNews && c.req.query("confirm") !== "button";
  const form = (
    <SurveyForm
      {...{ action, survey, fixed, dress }}
      answer={{ rating: clicked ?? saved?.rating ?? null, comment: "" }}
      hasSteps={hasSteps(flow)}
      clickedAt={byGesture ? c.var.now : null}
      claim={claim}
    />
  );
  return sendPage(form, { dress, scripted: byGesture || claim !== null });
}

/** Under what its clicks are one row; null: each time that it is opened it is another one. */
async function clickKeyOf(
  { env }: Context<App>,
  { personal, invitation: { response, workspace, claimed }, claim }: Link,
): Promise<string | null> {
  if (personal) return response;
  return claim === null || claimed === null ? null : clickKey(env.CANDOR_SECRET, workspace, claimed, claim);
}

/**
 * The link that a browser has answered before, where it says so by that link's own token: only whoever answered has it, and
 * a mailing's recipient may change an answer from whichever of the mail's links.
 */
async function answeredBefore(c: Context<App>, link: Link, token: string | null): Promise<Link> {
  const before = token === null ? null : await openInvitation(secretsOf(c.env), token);
  const { CANDOR_SECRET: secret } = c.env;
  if (!before || link.claim === null || (await claimKey(secret, before)) !== link.claim) return link;
  const invitation = { ...link.invitation, response: before.response };
  return { ...link, invitation, action: `/s/${await sealInvitation(secret, invitation)}` };
}

const hasSteps = ({ steps }: Link["flow"]) => steps !== undefined && steps.length > 0;

/** How far somebody has come after the rating. Sealed in the address, so that the page need not show what is stored. */
interface Progress {
  rating: number;
  /** Those on which later steps hang. */
  answers: Answers;
  /** Steps that were passed, answered or not. */
  passed: number;
}

const progressPurpose = "progress";
const ProgressFields = z.tuple([z.string(), z.int(), answersSchema, z.int()]);

const sealProgress = ({ env }: Context<App>, { invitation }: Link, { rating, answers, passed }: Progress) => {
  const fields: z.input<typeof ProgressFields> = [invitation.response, rating, answers, passed];
  return seal(env.CANDOR_SECRET, progressPurpose, fields);
};

/** null: not said, or not of this link. */
async function readProgress(c: Context<App>, { invitation }: Link): Promise<Progress | null> {
  const token = c.req.query("answered");
  if (!token) return null;
  const opened = ProgressFields.safeParse((await unseal(secretsOf(c.env), progressPurpose, token))?.value);
  if (!opened.success) return null;
  const [response, rating, answers, passed] = opened.data;
  return response === invitation.response ? { rating, answers, passed } : null;
}

const remaining = ({ flow }: Link, { rating, answers, passed }: Progress): AskedStep[] =>
  stepsFor(flow, rating, answers).slice(passed);

function showNext(link: Link, progress: Progress, token: string): Promise<Response> {
  const { survey, fixed, action, dress } = link;
  const [step, ...others] = remaining(link, progress);
  if (!step) return showThanks(link, progress.rating);
  const button = others.length > 0 ? fixed.next : fixed.send;
  const form = (
    <StepForm {...{ survey, step, many: fixed.many, button, dress }} action={`${action}?answered=${token}`} />
  );
  return sendPage(form, { dress });
}

function showThanks(
  { survey, flow, fixed, action, dress, changeable }: Link,
  rating: number,
): Promise<Response> {
  const { locale, direction, texts } = survey;
  const { text: sentence = texts.thanks, link } = flow.thanks?.find(({ is }) => is.includes(rating)) ?? {};
  const thanks = { link, change: changeable ? { text: fixed.change, href: action } : null };
  return sendPage(<Notice {...{ locale, direction, sentence, thanks, dress }} />, { dress });
}

async function saveRating(c: Context<App>, link: Link, form: URLSearchParams): Promise<Response> {
  const { asked, survey, flow, fixed, action, dress, claim } = link;
  const rating = ratingOf(asked.survey, form.getAll("rating"));
  const written = cleanText(form.get("comment") ?? "");
  const comment = ResponseInput.shape.comment.safeParse(written || undefined);
  if (rating === null || !comment.success) {
    const error = rating === null ? "choose" : "tooLong";
    const answer = { rating, comment: written };
    const again = (
      <SurveyForm {...{ action, survey, fixed, answer, dress, error, claim }} hasSteps={hasSteps(flow)} />
    );
    return sendPage(again, { status: 422, dress, scripted: claim !== null });
  }
  const opened = form.get("opened");
  const saved = await (link.changeable ? save : saveFirst)(c, link, {
    ...{ rating, comment: comment.data ?? null },
    // A gesture's rating is of when its page was made: the form that was sent meanwhile is not undone by it.
    revision: opened === null ? c.var.now : Math.min(Number(/^\d{1,15}$/.exec(opened)?.[0] ?? 0), c.var.now),
  });
  if (opened !== null) return c.body(null, 204);
  return c.redirect(
    `${action}?answered=${await sealProgress(c, link, { rating: saved, answers: {}, passed: 0 })}`,
    303,
  );
}

async function saveStep(c: Context<App>, link: Link, form: URLSearchParams): Promise<Response> {
  const { invitation, workspace, survey, action } = link;
  const progress = await readProgress(c, link);
  if (!progress) throw new Problem("not-found");
  const [step] = remaining(link, progress);
  const token = await sealProgress(c, link, progress);
  // Somebody went back, and sent a page again that was passed.
  if (step?.id !== form.get("step")) return c.redirect(`${action}?answered=${token}`, 303);
  const answer = readAnswer(step, form.getAll("answer"));
  const { rating, passed } = progress;
  let { answers } = progress;
  if (answer !== undefined) {
    const stored = await findResponse(c.var.db, workspace, invitation.response);
    if (!stored) throw expired(survey.locale);
    const isComment = step.id === "comment";
    const own: Answers = isComment ? {} : { [step.id]: answer };
    const before: Answers = JSON.parse(stored.answers ?? "{}");
    const isAnswered = isComment ? stored.comment !== null : Object.hasOwn(before, step.id);
    if (link.changeable || !isAnswered)
      await save(c, link, {
        ...{ rating: stored.rating, comment: isComment ? String(answer) : null },
        ...{ answers: { ...before, ...own }, revision: link.changeable ? c.var.now : stored.revision + 1 },
      });
    if (step.kind !== "text") answers = { ...answers, ...own };
  }
  return c.redirect(
    `${action}?answered=${await sealProgress(c, link, { rating, answers, passed: passed + 1 })}`,
    303,
  );
}

/** What was answered to a step; undefined: nothing. Throws a 422 where it is too long. */
function readAnswer(step: AskedStep, given: readonly string[]): Answers[string] | undefined {
  if (step.kind === "text") {
    const text = cleanText(given[0] ?? "");
    const most = mostLetters(step);
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
async function saveFirst(c: Context<App>, link: Link, { rating, comment }: Saving): Promise<number> {
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

async function save(
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
    ...{ rating, comment, answers, unasked, revision },
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

/** A rating given once, in the scale and spelt as a number is; never coerced: '' is not 0. */
function ratingOf({ scaleMin, scaleMax }: SurveyRow, values: readonly string[] = []): number | null {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0 || !/^(0|[1-9]\d?)$/.test(value)) return null;
  const rating = Number(value);
  return rating >= scaleMin && rating <= scaleMax ? rating : null;
}

function readForm(c: Context<App>, text: string): URLSearchParams {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new Problem("unsupported-media-type");
  return new URLSearchParams(text);
}
