import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Ask, AskQuery, Asks, askVersion, ImpressionInput } from "../../../shared/contract/ask.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { provenRespondent } from "../../people/person.ts";
import { presentFlow } from "../../surveys/follow-up.ts";
import { languageOf } from "../../surveys/languages.ts";
import { widgetCss } from "../../surveys/theme.ts";
import { presentSurvey } from "../../surveys/wording.ts";
import { askingsOf } from "../db/askings.ts";
import { noteImpression } from "../db/impressions.ts";
import { type Offer, offerOf, offerRefusal } from "../offer.ts";
import { answeredAt, askedAt, automaticallyAsked, responsesFor } from "../offered.ts";
import { noteSighting } from "../sightings.ts";

/** Everything that a page needs to ask a survey. */
async function askOf(
  assets: Fetcher,
  { asked, show, compiled }: Offer,
  { locale, version }: z.output<typeof AskQuery>,
): Promise<Ask> {
  const { survey, touchpoint, delaySeconds } = asked;
  const language = await languageOf(assets, survey, locale === undefined ? [] : [locale]);
  const presented = presentSurvey(survey, language);
  const css = widgetCss(asked, show);
  return {
    survey: survey.id,
    touchpoint,
    ...presented,
    ...presentFlow(survey, presented, language, show?.as === "tab"),
    ...(show && { show }),
    ...(css && { css }),
    survey_version: survey.version,
    delay_seconds: delaySeconds,
    rules: compiled,
    ...(version && version !== askVersion && { version: askVersion }),
  };
}

/** Answers that nothing is asked, and why. Among several touchpoints, each reason is named once. */
function nothing(c: Context<App>, reasons: readonly string[], cached: Record<string, string>) {
  const reason = { "candor-reason": [...new Set(reasons)].join(", ") };
  return c.body(null, 204, { ...cached, ...reason, "access-control-expose-headers": "candor-reason" });
}

export function askRoutes(app: Hono<App>): void {
  // Around the endpoint: a page that is refused by its origin does not come into it.
  app.get("/v1/ask", async (c, next) => {
    await next();
    noteSighting(c);
  });

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/ask",
      access: "respond",
      summary:
        "What to ask at a touchpoint, in one language; without one, what all automatic touchpoints ask",
      query: AskQuery,
      answers: {
        200: {
          description: "The survey to ask; without touchpoint, as `asks`, the surveys of all that ask one",
          schema: Ask.or(Asks),
        },
        204: { description: "Nothing is asked; the header candor-reason says why" },
      },
    },
    async ({ c, caller, query }) => {
      const { db, now } = c.var;
      const { touchpoint, locale, respondent_hash: hash } = query;
      // A page view costs one such request, so browsers and the edge may keep the answer for a minute, unless it
      // depends on the respondent.
      const cached = {
        "cache-control": hash ? "private, no-store" : `${caller.byHeader ? "private" : "public"}, max-age=60`,
        vary: caller.decidedBy.join(", "),
      };
      const found =
        touchpoint === undefined
          ? await automaticallyAsked(c, caller)
          : [await askedAt(c, caller, touchpoint, null)].filter((asked) => asked !== null);
      if (found.length === 0) return nothing(c, ["nothing-asked"], cached);
      const offers = found.map(offerOf);
      if (offers.some(({ policy }) => policy.respect_dnt)) {
        cached.vary += ", sec-gpc, dnt";
        if (["sec-gpc", "dnt"].some((signal) => c.req.header(signal) === "1"))
          return nothing(c, ["privacy-signal"], cached);
      }
      const askings = hash ? await askingsOf(db, caller.workspace, hash, now) : [];
      const asks: Ask[] = [];
      const reasons: string[] = [];
      for (const offer of offers) {
        const responses = await responsesFor(c, caller, offer);
        const reason = offerRefusal(offer, responses, locale, askings, now);
        if (reason) reasons.push(reason);
        else asks.push(await askOf(c.env.ASSETS, offer, query));
      }
      if (asks.length === 0) return nothing(c, reasons, cached);
      return json(c, touchpoint === undefined ? { asks } : asks[0], 200, cached);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/impressions",
      access: "respond",
      summary: "Report that a survey was seen, and with respondent and respondent_hash by whom",
      body: ImpressionInput,
      answers: { 204: { description: "Counted" } },
    },
    async ({ c, caller, body }) => {
      const asked = await answeredAt(c, caller, body.touchpoint, body.survey);
      const seen = {
        touchpointRef: asked.touchpointRef,
        surveyRef: asked.survey.ref,
        channel: caller.publishable ? "widget" : "api",
        now: c.var.now,
      };
      const respondent = await provenRespondent(c.env, caller, body.respondent, body.respondent_hash);
      const noted = noteImpression(c.var.db, caller.workspace, seen, respondent);
      c.executionCtx.waitUntil(noted.catch(() => undefined));
      await noted;
      return c.body(null, 204);
    },
  );
}
