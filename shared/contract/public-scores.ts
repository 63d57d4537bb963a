import * as z from "zod";
import { PERIODS } from "../time/periods.ts";
import { wantedLocale } from "./fields.ts";
import { period, Score } from "./scores.ts";

/** The owner's settings for a touchpoint's public score; null: it is not public. */
export const PublicScoreSetting = z
  .strictObject({
    period: z.enum(PERIODS).default("90d").describe("Local days up to and including today"),
    threshold: z
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .describe("Counted responses below which no number is shown, not even theirs"),
  })
  .nullable()
  .describe("Shows the score to anyone at /v1/public/{id}/…; null: to nobody. Replaced as a whole");

export const FigureQuery = z.object({ locale: wantedLocale });
export const BadgeQuery = FigureQuery.extend({
  theme: z.enum(["light", "dark", "auto"]).default("auto").describe("auto: as the visitor prefers"),
});

export const PublicScore = Score.pick({
  kind: true,
  scale: true,
  unit: true,
  score: true,
  interval: true,
  small_sample: true,
}).extend({
  n: z.int().nullable().describe("null, like score: there are not enough responses to show a number"),
  threshold: z.int(),
  period,
});
