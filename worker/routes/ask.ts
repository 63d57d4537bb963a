import type { Hono } from "hono";
import { Ask, AskQuery, ImpressionInput } from "../../shared/contract/ask.ts";
import type { App } from "../app.ts";
import { countImpression } from "../db/impressions.ts";
import { endpoint } from "../endpoint.ts";
import { json } from "../json.ts";
import { languageOf, presentSurvey } from "../present.ts";
import { answeredAt, askedAt } from "./asked.ts";

export function askRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/ask",
      access: "respond",
      summary: "What to ask at a touchpoint, in one language",
      query: AskQuery,
      answers: {
        200: { description: "The survey to ask", schema: Ask },
        204: { description: "Nothing is asked here" },
      },
    },
    async ({ c, caller, query }) => {
      // One page view costs one such request: browsers and the edge may keep the answer for a minute.
      const cached = { "cache-control": "public, max-age=60" };
      const asked = await askedAt(c, caller, query.touchpoint, null);
      if (!asked) return c.body(null, 204, cached);
      const wanted = query.locale === undefined ? [] : [query.locale];
      const language = await languageOf(c.env.ASSETS, asked.survey, wanted);
      const answer: Ask = {
        survey: asked.survey.id,
        touchpoint: query.touchpoint,
        ...presentSurvey(asked.survey, language),
        delay_seconds: asked.delaySeconds,
        wait_days: asked.waitDays,
      };
      return json(c, answer, 200, cached);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/impressions",
      access: "respond",
      summary: "Report that a survey was seen",
      body: ImpressionInput,
      answers: { 204: { description: "Counted" } },
    },
    async ({ c, caller, body }) => {
      const asked = await answeredAt(c, caller, body.touchpoint, body.survey);
      await countImpression(c.var.db, caller.workspace, {
        touchpointRef: asked.touchpointRef,
        surveyRef: asked.survey.ref,
        channel: caller.publishable ? "widget" : "api",
        now: c.var.now,
      });
      return c.body(null, 204);
    },
  );
}
