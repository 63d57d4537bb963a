import type { Context, Hono, MiddlewareHandler } from "hono";
import * as z from "zod";
import { ResponseInput } from "../../shared/contract/responses.ts";
import type { Texts } from "../../shared/texts.ts";
import type { App } from "../app.ts";
import { noteAsking } from "../db/askings.ts";
import { dayMs } from "../db/cells.ts";
import { findResponse, type NewResponse, saveResponses } from "../db/responses.ts";
import type { SurveyRow } from "../db/surveys.ts";
import { type AskedSurvey, findAsked } from "../db/touchpoints.ts";
import { findWorkspaceById } from "../db/workspaces.ts";
import { type Dress, pageDress } from "../dress.ts";
import { openEndpoint, readText } from "../endpoint.ts";
import { type Invitation, openInvitation, sealInvitation } from "../invitation.ts";
import { textsIn } from "../languages.ts";
import { limitAddress } from "../limits.ts";
import { openMailing } from "../mailing.ts";
import { languageOf, type Presented, presentSurvey } from "../present.ts";
import { Problem } from "../problem.ts";
import { respondentHash } from "../secrets.ts";
import { wantedLocales } from "./accept-language.ts";
import { Notice } from "./notice.tsx";
import { sendPage } from "./page.tsx";
import { SurveyForm } from "./survey-form.tsx";

/** Bytes. A comment of 4000 letters takes up to 12 bytes for each once a form has encoded it. */
const formLimit = 65_536;

const AnswerForm = z.object({
  rating: z.string().describe("A whole number of the survey's scale"),
  comment: z.string().optional().describe("At most 4000 characters"),
});

const path = "/s/:token";
const page = (description: string) => ({ description, page: true }) as const;
const refused = { 404: page("Not a survey link of ours"), 410: page("The link has expired") };

/**
 * The page behind a survey link: a GET shows the survey and never writes, because mail scanners and previews open every
 * link; only the form's POST counts.
 */
export function surveyLinkPage(app: Hono<App>): void {
  app.use("/s/*", problemsAsPages);

  openEndpoint(
    app,
    {
      method: "get",
      path,
      summary: "The survey page behind a link; ?rating=9 preselects. Opening it counts nothing",
      answers: { 200: page("The survey, or thanks"), ...refused },
    },
    async (c) => {
      const { invitation, workspace, asked, survey, fixed, action, dress } = await openLink(c, openAny);
      const mailed = invitation.channel === "email";
      // Whoever knows an address can open its mailed link: what was answered, and whether, is not for them.
      const saved = mailed ? null : await findResponse(c.var.db, workspace, invitation.response);
      if ((saved || mailed) && new URL(c.req.url).search === "?done") {
        const { locale, direction, texts } = survey;
        const thanks = { change: fixed.change, href: action };
        return sendPage(<Notice {...{ locale, direction, sentence: texts.thanks, thanks, dress }} />, {
          dress,
        });
      }
      // The rating comes back, the comment does not: links get forwarded, and what was written is not for others.
      const rating = ratingOf(asked.survey, c.req.queries("rating")) ?? saved?.rating ?? null;
      return sendPage(<SurveyForm {...{ action, survey, fixed, dress }} answer={{ rating, comment: "" }} />, {
        dress,
      });
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path,
      summary: "Save the answer of the survey page; the same link again changes it",
      form: AnswerForm,
      answers: {
        303: { description: "Saved; the page that says thanks" },
        422: page("The form again, with what is missing"),
        ...refused,
      },
    },
    async (c) => {
      // Before anything can refuse: a browser whose body is left unread sees a broken connection and not the page.
      const text = await readText(c.req.raw, formLimit);
      const { invitation, workspace, asked, survey, fixed, action, dress } = await openLink(
        c,
        openInvitation,
      );
      const form = readForm(c, text);
      const rating = ratingOf(asked.survey, form.getAll("rating"));
      const written = cleanComment(form.get("comment") ?? "");
      const comment = ResponseInput.shape.comment.safeParse(written || undefined);
      if (rating === null || !comment.success) {
        const error = rating === null ? "choose" : "tooLong";
        const answer = { rating, comment: written };
        return sendPage(<SurveyForm {...{ action, survey, fixed, answer, dress, error }} />, {
          status: 422,
          dress,
        });
      }
      const { now, db } = c.var;
      const { response: id, respondent, properties, channel } = invitation;
      const response: NewResponse = {
        id,
        touchpointRef: asked.touchpointRef,
        surveyRef: asked.survey.ref,
        rating,
        comment: comment.data ?? null,
        channel,
        locale: survey.locale,
        respondent,
        properties,
        // Each time the form is sent is later than the time before, so that the last answer stands.
        revision: now,
        answeredAt: now,
      };
      const [status] = await saveResponses(db, workspace, [response], now);
      if (status === "created") await noteAnswered(c, invitation, workspace, response);
      if (status === "conflict") throw new Problem("conflict");
      // What was erased does not come back, and must not be thanked for.
      if (status === "unchanged" && !(await findResponse(db, workspace, id))) throw expired(survey.locale);
      // Not the page itself: reloading it would send the form again.
      return c.redirect(`${action}?done`, 303);
    },
  );
}

/** Whoever answers a link was asked, by the same clocks as on a page. A mailing names its recipient, and nobody proved it. */
async function noteAnswered(
  c: Context<App>,
  { respondent, properties, workspace: workspaceId, channel }: Invitation,
  workspace: number,
  { touchpointRef, surveyRef }: NewResponse,
): Promise<void> {
  const { db, now } = c.var;
  const person = respondent ?? (channel === "email" ? properties?.recipient : undefined);
  if (person === undefined) return;
  const hash = await respondentHash(c.env.CANDOR_SECRET, workspaceId, String(person));
  await db.batch([noteAsking(workspace, { touchpointRef, surveyRef, channel, now }, hash)]);
}

interface Link {
  invitation: Invitation;
  workspace: number;
  asked: AskedSurvey;
  survey: Presented;
  fixed: Texts;
  action: string;
  dress: Dress;
}

const expired = (locale: string) => new Problem("link-expired", { headers: { "content-language": locale } });

type Open = (secret: string, token: string, url: string, now: number) => Promise<Invitation | null>;

/** An invitation, or, where many have the same link, the invitation that it makes for who opens it. */
const openAny: Open = async (secret, token, url, now) =>
  (await openInvitation(secret, token)) ?? (await openMailing(secret, token, url, now));

/** What the link asks. Throws not-found for all that this deployment did not seal, link-expired when it is too late. */
async function openLink(c: Context<App>, open: Open): Promise<Link> {
  await limitAddress(c);
  const { CANDOR_SECRET: secret, ASSETS: assets } = c.env;
  const invitation = await open(secret, c.req.param("token") ?? "", c.req.url, c.var.now);
  if (!invitation) throw new Problem("not-found");
  const wanted = [
    ...(invitation.locale ? [invitation.locale] : []),
    ...wantedLocales(c.req.header("accept-language")),
  ];
  if (invitation.expires * 1000 <= c.var.now) {
    throw expired((await textsIn(assets, wanted)).locale);
  }
  const workspace = await findWorkspaceById(c.var.db, invitation.workspace);
  const asked =
    workspace && (await findAsked(c.var.db, workspace.ref, invitation.touchpoint, invitation.survey));
  if (!asked) throw new Problem("not-found");
  const language = await languageOf(assets, asked.survey, wanted);
  const survey = presentSurvey(asked.survey, language);
  if (invitation.channel === "email" && isOver(asked.survey, c.var.now)) throw expired(survey.locale);
  const action = `/s/${await sealInvitation(secret, invitation)}`;
  return {
    invitation,
    workspace: workspace.ref,
    asked,
    survey,
    fixed: language.fixed,
    action,
    dress: pageDress(asked),
  };
}

/**
 * A mailing has no end of its own, since it may stand in a signature for years: archiving its survey ends it, after the
 * days in which a mail that was sent before is still answered.
 */
const isOver = ({ archivedAt }: SurveyRow, now: number) =>
  archivedAt !== null && archivedAt + 90 * dayMs <= now;

/** A rating given once, in the scale and spelt as a number is; never coerced: '' is not 0. */
function ratingOf({ scaleMin, scaleMax }: SurveyRow, values: readonly string[] = []): number | null {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0 || !/^(0|[1-9]\d?)$/.test(value)) return null;
  const rating = Number(value);
  return rating >= scaleMin && rating <= scaleMax ? rating : null;
}

/** Forms send line ends as CRLF, which would count twice against the limit; storage knows no NUL. */
const cleanComment = (text: string) => text.replaceAll("\r\n", "\n").replaceAll("\0", "").trim();

function readForm(c: Context<App>, text: string): URLSearchParams {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new Problem("unsupported-media-type");
  return new URLSearchParams(text);
}

const sentences: Record<number, keyof Texts> = { 404: "unknownLink", 410: "expired", 413: "tooLong" };

/** Who opens a survey link sees one sentence in their language, and not JSON. */
const problemsAsPages: MiddlewareHandler<App> = async (c, next) => {
  await next();
  const { status, headers } = c.res;
  if (headers.get("content-type") === "application/problem+json") {
    const known = headers.get("content-language");
    const wanted = known ? [known] : wantedLocales(c.req.header("accept-language"));
    const { locale, texts } = await textsIn(c.env.ASSETS, wanted);
    const sentence = texts[sentences[status] ?? "later"];
    c.res = await sendPage(<Notice {...{ locale, direction: texts.direction, sentence }} />, { status });
  }
  c.header("x-robots-tag", "noindex");
  c.header("referrer-policy", "no-referrer");
  c.header("x-frame-options", "DENY");
  c.header("cache-control", "no-store");
};
