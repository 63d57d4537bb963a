import type { Hono } from "hono";
import type * as z from "zod";
import { PublicScore } from "../../../shared/contract/public-scores.ts";
import type { App } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { answerWithEtag } from "../../http/etag.ts";
import { periodJson } from "../group.ts";
import { publicCaching, publicScoreOf } from "../public-score.ts";

export function publicScoreRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/v1/public/:touchpoint/score.json",
      summary: "The score of a touchpoint whose owner made it public, by the touchpoint's id",
      answers: {
        200: { description: "The score, or nulls below the threshold", schema: PublicScore },
        304: { description: "As If-None-Match has it" },
      },
    },
    async (c) => {
      c.set("cors", true);
      const { shown, threshold, period } = await publicScoreOf(c);
      const { kind, scale, unit, score, n, interval, small_sample } = shown?.score ?? nothing;
      const json: z.input<typeof PublicScore> = {
        kind,
        scale,
        unit,
        score,
        n,
        interval,
        small_sample,
        threshold,
        period: periodJson(period),
      };
      return answerWithEtag(c, Response.json(json, { headers: publicCaching }));
    },
  );
}

const nothing = {
  kind: null,
  scale: null,
  unit: null,
  score: null,
  n: null,
  interval: null,
  small_sample: true,
};
