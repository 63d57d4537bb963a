import type { Hono } from "hono";
import type * as z from "zod";
import { Email, EmailQuery } from "../../../shared/contract/mail/email.ts";
import { holdsMergeTag, MAIL_PROVIDERS, type MailProvider } from "../../../shared/mail/merge-tags.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { Problem } from "../../http/problem.ts";
import { findAsked } from "../../surveys/db/asked.ts";
import { languageOf } from "../../surveys/languages.ts";
import { presentSurvey } from "../../surveys/wording.ts";
import { sealMailing } from "../mailing-token.ts";
import { linkNames } from "../merge-query.ts";
import { mailedHtml, ratingRowHtml, ratingRowText } from "../pages/rating-row.tsx";

export function emailRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/surveys/:survey/email",
      access: "read",
      summary: "A survey's ratings as a block of HTML, and of text, to paste into the mails of any tool",
      query: EmailQuery,
      answers: { 200: { description: "The block; with `format`, its HTML or text alone", schema: Email } },
    },
    async ({ c, caller, query, param }) => {
      const { touchpoint, provider: name, format } = query;
      const twice = Object.keys(query.property ?? {}).find((property) => linkNames.includes(property));
      if (twice) throw Problem.field(`?property[${twice}]`, "is a name that the links use");
      const asked = await findAsked(c.var.db, caller.workspace, touchpoint, param("survey"));
      if (!asked) throw new Problem("not-found", { detail: "There is no such survey or touchpoint" });
      const provider = MAIL_PROVIDERS[name];
      if (!provider) throw Problem.field("?provider", "is not a tool that is known");
      const locale = query.locale ?? null;
      const token = await sealMailing(c.env.CANDOR_SECRET, {
        workspace: caller.workspaceId,
        touchpoint,
        survey: asked.survey.id,
        locale,
        properties: query.property ? Object.keys(query.property) : null,
      });
      const link = `${new URL(c.req.url).origin}/s/${token}`;
      const merged = mergedQuery(provider, query);
      const confirm = query.confirm === "button" ? ["confirm=button"] : [];
      const urlOf = (rating: number) => [`${link}?rating=${rating}`, ...confirm, ...merged].join("&");
      const language = await languageOf(c.env.ASSETS, asked.survey, locale === null ? [] : [locale]);
      const survey = presentSurvey(asked.survey, language);
      const html = await ratingRowHtml(survey, urlOf);
      const text = ratingRowText(survey, urlOf);
      if (format === "text") return c.text(text);
      if (format === "html") return c.html(html, 200, mailedHtml);
      const { email, id, about } = provider;
      const answer: z.input<typeof Email> = {
        html,
        text,
        provider: name,
        tags: { email, id, about },
        notes: notesOn(provider),
      };
      return json(c, answer);
    },
  );
}

/** What the mail tool replaces in each link, as `name=value`. Tags are not encoded: the tool would not find them. */
function mergedQuery(provider: MailProvider, query: z.output<typeof EmailQuery>): string[] {
  const recipient = query.recipient === "none" ? "" : provider[query.recipient];
  if (recipient === null) throw Problem.field("?recipient", `no tag for an id in ${provider.title} is known`);
  const values = { respondent: recipient, id: query.id ?? provider.about, ...query.property };
  return Object.entries(values).flatMap(([name, value]) =>
    value ? [`${name}=${holdsMergeTag(value) ? value : encodeURIComponent(value)}`] : [],
  );
}

const notesOn = ({ paste, documented }: MailProvider) => [
  paste,
  ...(documented
    ? []
    : [
        "The tags were not checked against the tool's documentation: send yourself a test, and look at the address.",
      ]),
  "Nobody vouches for the recipient, whom the tool writes into the link: it is kept as claimed_respondent, decides nothing, and the response has no respondent. Where it matters who answered, make links by POST /v1/links.",
  "In one browser the same recipient and id are one answer, which may be changed. To ask the same people again, give the block another id.",
];
