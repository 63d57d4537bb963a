import type { Context, Hono } from "hono";
import { renderSVG } from "uqr";
import * as z from "zod";
import { cleanText } from "../../../shared/contract/fields.ts";
import { ResponseInput } from "../../../shared/contract/responses.ts";
import type { App } from "../../environment.ts";
import { Notice } from "../../html/notice.tsx";
import { sendPage } from "../../html/page.tsx";
import { readBytes } from "../../http/body.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { orNotFound } from "../../http/problem.ts";
import { openInvitation, sealInvitation } from "../../invitations/codes.ts";
import { findResponse, isErased } from "../../responses/db/responses.ts";
import { secretsOf } from "../../secrets/secrets.ts";
import { clickKeyOf, findStep, ratingOf, readAnswer, save, saveFirst, saveStepAnswer } from "../answering.ts";
import { noteClick } from "../db/clicks.ts";
import { numberIn, readForm, versionIn } from "../form.ts";
import { signsOf } from "../machine.ts";
import { claimKey } from "../mailing-token.ts";
import { byAnyToken, byCode, byOwnToken, expired, type Link, openLink } from "../opened-link.ts";
import { type Progress, readProgress, remaining, sealProgress } from "../progress.ts";
import { problemsAsPages } from "./problem-page.tsx";
import { StepForm } from "./step-form.tsx";
import { SurveyForm } from "./survey-form.tsx";

/** Bytes. In an encoded form, a comment of 4000 letters takes up to 12 bytes for each. */
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
  made: z
    .string()
    .optional()
    .describe("When the page was made, by whose gestures a rating counts, which it then may correct"),
  version: z.string().optional().describe("The version of the survey that the page shows"),
  again: z
    .string()
    .optional()
    .describe(
      "What a mailing's page kept of the answers before, the first of which that is not erased this one changes: sent by its script",
    ),
  step: z.string().optional().describe("Instead of a rating: the step that is answered"),
  answer: z.string().optional().describe("To the step; of choices as often as there are"),
});

const page = (description: string) => ({ description, page: true }) as const;
const refused = { 404: page("Not a survey link of ours"), 410: page("The link has expired or was revoked") };

/**
 * The page behind a survey link, at two addresses: `/r/` with the code of a stored invitation, `/s/` with a token that
 * contains everything. A GET shows the survey and saves no answer, because mail scanners and previews open every link.
 * Only a POST counts: the page's script sends it at a person's first gesture; without scripts, its button does.
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
        // First of all: a browser whose body was not read shows a broken connection instead of the page.
        const bytes = await readBytes(c.req.raw, formLimit);
        const link = await openLink(c, toAnswer);
        const form = readForm(c, new TextDecoder().decode(bytes));
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
  const { invitation, personal, changeable, workspace, asked, survey, flow, fixed, action, theme, claim } =
    link;
  if (await isErased(c.var.db, workspace, invitation.response)) throw expired(survey.locale);
  const progress = await readProgress(c, link);
  if (progress) return showNext(link, progress, c.req.query("answered") ?? "");
  const saved = personal ? await findResponse(c.var.db, workspace, invitation.response) : null;
  if (saved && !changeable) return showThanks(link, saved.rating);
  // The form shows the earlier rating but not the comment: links get forwarded, and the comment is not for others.
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
      action={action}
      survey={survey}
      version={asked.survey.version}
      fixed={fixed}
      theme={theme}
      answer={{ rating: clicked ?? saved?.rating ?? null, comment: "" }}
      hasSteps={hasSteps(flow)}
      clickedAt={byGesture ? c.var.now : null}
      claim={claim}
    />
  );
  return sendPage(form, { theme, scripted: byGesture || claim !== null });
}

/** Tokens that a browser keeps of one recipient. */
const maxTokens = 4;

/**
 * The link of an earlier answer from the same browser, which proves it by that link's token: only the browser that
 * answered has it. So a mailing's recipient may change an answer from any of the mail's links. An answer that was erased
 * is none, and the next token stands for the one that was given since.
 */
async function answeredBefore(c: Context<App>, link: Link, tokens: string | null): Promise<Link> {
  const { CANDOR_SECRET: secret } = c.env;
  if (link.claim === null) return link;
  for (const token of (tokens ?? "").split(" ", maxTokens)) {
    const before = await openInvitation(secretsOf(c.env), token);
    if (!before || (await claimKey(secret, before)) !== link.claim) continue;
    if (await isErased(c.var.db, link.workspace, before.response)) continue;
    const invitation = { ...link.invitation, response: before.response };
    return { ...link, invitation, action: `/s/${await sealInvitation(secret, invitation)}` };
  }
  return link;
}

const hasSteps = ({ steps }: Link["flow"]) => steps !== undefined && steps.length > 0;

function showNext(link: Link, progress: Progress, token: string): Promise<Response> {
  const { survey, fixed, action, theme } = link;
  const [step, ...others] = remaining(link, progress);
  if (!step) return showThanks(link, progress.rating);
  const button = others.length > 0 ? fixed.next : fixed.send;
  const form = (
    <StepForm
      action={`${action}?answered=${token}`}
      survey={survey}
      step={step}
      many={fixed.many}
      button={button}
      theme={theme}
    />
  );
  return sendPage(form, { theme });
}

function showThanks(
  { survey, flow, fixed, action, theme, changeable }: Link,
  rating: number,
): Promise<Response> {
  const { locale, direction, texts } = survey;
  const { text: sentence = texts.thanks, link } = flow.thanks?.find(({ is }) => is.includes(rating)) ?? {};
  const thanks = { link, change: changeable ? { text: fixed.change, href: action } : null };
  const notice = (
    <Notice locale={locale} direction={direction} sentence={sentence} thanks={thanks} theme={theme} />
  );
  return sendPage(notice, { theme });
}

async function saveRating(c: Context<App>, link: Link, form: URLSearchParams): Promise<Response> {
  const { asked, survey, flow, fixed, action, theme, claim } = link;
  const rating = ratingOf(asked.survey, form.getAll("rating"));
  const pageMade = numberIn(form, "made");
  const written = cleanText(form.get("comment") ?? "");
  const comment = ResponseInput.shape.comment.safeParse(written || undefined);
  if (rating === null || !comment.success) {
    const error = rating === null ? "choose" : "tooLong";
    const answer = { rating, comment: written };
    const again = (
      <SurveyForm
        action={action}
        survey={survey}
        version={asked.survey.version}
        fixed={fixed}
        theme={theme}
        answer={answer}
        hasSteps={hasSteps(flow)}
        error={error}
        made={pageMade}
        claim={claim}
      />
    );
    return sendPage(again, { status: 422, theme, scripted: claim !== null });
  }
  const isGesture = form.has("opened");
  const found = comment.data ? await findStep(c, link, { rating }, "comment") : null;
  const saving = {
    rating,
    comment: comment.data ?? null,
    surveyVersion: versionIn(form, asked.survey),
    steps: found?.steps,
    // A gesture's rating has the time of its page, so it does not undo a form that was sent meanwhile.
    revision: isGesture ? Math.min(numberIn(form, "opened") ?? 0, c.var.now) : c.var.now,
  };
  let saved = rating;
  if (link.changeable) await save(c, link, saving);
  else saved = await saveFirst(c, link, saving, pageMade);
  if (isGesture) return c.body(null, 204);
  const passed = found && saved === rating ? ["comment"] : [];
  return c.redirect(
    `${action}?answered=${await sealProgress(c, link, { rating: saved, answers: {}, passed })}`,
    303,
  );
}

async function saveStep(c: Context<App>, link: Link, form: URLSearchParams): Promise<Response> {
  const { action } = link;
  const progress = orNotFound(await readProgress(c, link));
  const { rating, passed } = progress;
  const id = form.get("step") ?? "";
  // Somebody went back and sent an earlier step again.
  const found = passed.includes(id) ? null : await findStep(c, link, progress, id);
  if (!found) return c.redirect(`${action}?answered=${await sealProgress(c, link, progress)}`, 303);
  const { step } = found;
  const answer = readAnswer(step, form.getAll("answer"));
  let { answers } = progress;
  if (answer !== undefined) {
    await saveStepAnswer(c, link, found, answer);
    if (step.kind !== "text") answers = { ...answers, [step.id]: answer };
  }
  return c.redirect(
    `${action}?answered=${await sealProgress(c, link, { rating, answers, passed: [...passed, id] })}`,
    303,
  );
}
