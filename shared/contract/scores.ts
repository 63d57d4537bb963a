import * as z from "zod";
import { channels, instant, instantOut, rating } from "./fields.ts";

export const ScoreQuery = z.strictObject({
  from: instant.optional().describe("Start of the period, inclusive. Default: 30 days before to"),
  to: instant.optional().describe("End of the period, exclusive. Default: now"),
  survey: z.string().max(40).optional(),
  channel: z.enum(channels).optional(),
});
export const ScoresQuery = ScoreQuery.extend({
  group_by: z
    .enum(["touchpoint", "survey", "channel"])
    .optional()
    .describe("One score for each of these; without it one over everything"),
});

const interval = z
  .object({ low: z.number(), high: z.number() })
  .nullable()
  .describe("95 % interval in the figure's unit; null where there are too few responses to have one");
const figure = z.object({ value: z.number(), interval }).nullable();
export const Score = z.object({
  kind: z.string().nullable().describe("null: no survey was asked in the period"),
  scale: z.object({ min: z.int(), max: z.int() }).nullable(),
  surveys: z.array(z.string()).describe("The surveys that it is computed from"),
  unit: z.enum(["points", "percent", "rating"]).nullable().describe("points: -100 to 100; percent: 0 to 100"),
  score: z.number().nullable().describe("Unrounded; null when nothing was counted"),
  n: z.int().describe("Counted responses"),
  interval,
  small_sample: z.boolean().describe("Fewer than 30 counted responses"),
  mean: figure.describe("Mean rating; null where the kind has none"),
  percentage: figure.describe(
    "The kind's percentage: promoters - detractors, satisfied, easy, resolved, positive",
  ),
  mixed_scales: z
    .boolean()
    .describe(
      "Percentages of surveys on different scales, added up by bucket: mean null, distribution empty",
    ),
  distribution: z.array(z.object({ rating, count: z.int() })),
  buckets: z.array(
    z.object({
      name: z.string(),
      from: z.int().nullable().describe("Lowest rating in it; null over mixed scales"),
      to: z.int().nullable().describe("Highest rating in it; null over mixed scales"),
      count: z.int(),
      share: z.number().nullable().describe("Percent of n; null when nothing was counted"),
    }),
  ),
  ledger: z
    .object({ received: z.int(), counted: z.int(), excluded: z.record(z.string(), z.int()) })
    .describe("received = counted + the sum of excluded, by reason"),
});
const period = z.object({ from: instantOut, to: instantOut }).describe("Half-open: from <= answered_at < to");
export const TouchpointScore = Score.extend({ touchpoint: z.string(), period });
export const Scores = z.object({
  period,
  data: z.array(Score.extend({ group: z.string().nullable().describe("The touchpoint, survey or channel") })),
});
