import * as z from "zod";
import { KINDS } from "../surveys/kinds.ts";
import { PERIODS, SERIES_INTERVALS, WEEK_STARTS } from "../time/periods.ts";
import { channels, instantOut, listOf, propertyName, rating, timeZone, touchpointName } from "./fields.ts";

const boundary = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/, "an RFC 3339 instant or a date")
  .describe("RFC 3339 instant, or a local date such as 2026-10-01, which begins at its midnight");

const dimensions = ["touchpoint", "survey", "kind", "channel", "locale"] as const;
const dimension = z.union([
  z.enum(dimensions),
  z.templateLiteral(["property:", propertyName]) as z.ZodType<string, string>,
]);

export const ScoreQuery = z.strictObject({
  period: z.enum(PERIODS).optional().describe("Local days up to and including today; default: 30d"),
  from: boundary
    .optional()
    .describe("Start, inclusive: an instant or a local date. Default: 30 days before to"),
  to: boundary.optional().describe("End, exclusive: an instant or a local date. Default: the end of today"),
  time_zone: timeZone.optional().describe("IANA zone in which days are cut; default: the workspace's"),
  week_start: z.enum(WEEK_STARTS).optional().describe("Default: the workspace's"),
  interval: z.enum(SERIES_INTERVALS).optional().describe("Adds a series, with every gap filled"),
  rolling: z
    .enum(["7d", "30d", "90d"])
    .optional()
    .describe("Adds to each point of the series the score of the days that end with it"),
  series: z
    .enum(["full", "headline"])
    .optional()
    .describe(
      "What the points of an interval's series have: all figures, or score, n, interval and small_sample alone, of a fraction of the bytes. Refused without interval. Default: full",
    ),
  survey: listOf(z.string().max(40)).optional().describe("Public ids, a,b"),
  kind: listOf(z.enum(Object.keys(KINDS))).optional(),
  channel: listOf(z.enum(channels)).optional(),
  locale: listOf(z.string().min(1).max(35))
    .optional()
    .describe("BCP 47 languages as they were stored, or (none)"),
  property: z
    .partialRecord(propertyName, listOf(z.string().min(1).max(500)))
    .optional()
    .describe(
      'property[plan]=pro,team: responses with one of these values, or (none); a value with a comma in double quotes, as in CSV: property[tier]="a,b",c',
    ),
  group_by: listOf(dimension)
    .refine((list) => list.length <= 2 && new Set(list).size === list.length, "at most two, each once")
    .optional()
    .describe(`One score for each: up to two of ${dimensions.join(", ")}, property:NAME`),
  compare: z
    .enum(["previous", "year_ago"])
    .optional()
    .describe("Adds the period before, or a year ago, and the change; with an interval its series too"),
  order: z
    .enum(["lower_bound", "score", "n"])
    .optional()
    .describe("Groups by the lower end of the interval, the score or n, highest first; default: by name"),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      "At most so many groups: those with the most responses, and those of sample data besides. Refused without group_by",
    ),
  format: z.enum(["json", "csv", "ndjson"]).optional().describe("Default: what Accept asks for, or json"),
  bom: z
    .enum(["true", "false"])
    .optional()
    .describe("true: csv begins with a byte order mark, without which Excel misreads letters beyond ASCII"),
});
export const ScoresQuery = ScoreQuery.extend({
  touchpoint: listOf(touchpointName)
    .optional()
    .describe(
      "Names, a,b; default: all, those of sample data only with group_by=touchpoint, without which they are refused beside others",
    ),
});

const interval = z
  .object({ low: z.number(), high: z.number() })
  .nullable()
  .describe("95 % interval in the figure's unit; null where there are too few responses to have one");
const figure = z.object({ value: z.number(), interval }).nullable();
const ledger = z
  .object({ received: z.int(), counted: z.int(), excluded: z.record(z.string(), z.int()) })
  .describe("received = counted + the sum of excluded, by reason");
export const period = z
  .object({ from: instantOut, to: instantOut })
  .describe("Half-open: from <= answered_at < to");

const Headline = z.object({
  score: z.number().nullable().describe("Unrounded; null when nothing was counted"),
  n: z.int().describe("Counted responses"),
  interval,
  small_sample: z.boolean().describe("Fewer than 30 counted responses"),
});
const Details = z.object({
  mean: figure.describe("Mean rating; null where the kind has none, and over mixed scales"),
  percentage: figure.describe(
    "The kind's percentage: promoters - detractors, satisfied, easy, resolved, positive",
  ),
  distribution: z.array(z.object({ rating, count: z.int() })).describe("Empty over mixed scales"),
  buckets: z.array(
    z.object({
      name: z.string(),
      from: z.int().nullable().describe("null over mixed scales"),
      to: z.int().nullable(),
      count: z.int(),
      share: z.number().nullable().describe("Percent of n; null when nothing was counted"),
    }),
  ),
  response_rate: z
    .object({ seen: z.int(), answered: z.int(), value: z.number().nullable(), interval })
    .nullable()
    .describe(
      "Of the widget: responses for each hundred impressions. null: nothing is known of what was seen; value null: more answers than reported impressions",
    ),
  ledger,
});
export const Figures = Headline.extend(Details.shape);
export const Score = Figures.extend({
  kind: z.string().nullable().describe("null: nothing was received"),
  scale: z.object({ min: z.int(), max: z.int() }).nullable().describe("null: none, or mixed ones"),
  surveys: z.array(z.string()).describe("The surveys that it is computed from"),
  unit: z.enum(["points", "percent", "rating"]).nullable().describe("points: -100 to 100; percent: 0 to 100"),
  mixed_scales: z.boolean().describe("Surveys of one kind that divide different scales: a percentage alone"),
});

const Change = z
  .object({
    difference: z.number(),
    interval: z.object({ low: z.number(), high: z.number() }),
    p: z.number().describe("How often chance alone makes such a difference, 0 to 1"),
    significant: z.boolean().describe("p < 0.05"),
    small_sample: z.boolean().describe("Fewer than 30 counted responses on either side"),
  })
  .nullable()
  .describe("null: nothing to compare");
const Point = Headline.extend({
  ...Details.partial().shape,
  ...period.shape,
  rolling: Headline.extend({ from: instantOut }).optional().describe("The score of the days up to `to`"),
});
const series = z
  .array(Point)
  .optional()
  .describe(
    "A point for each step of the interval; with series=headline of nothing but from, to, score, n, interval, small_sample and rolling",
  );
const Answer = Score.extend({
  answers_needed: z
    .int()
    .nullable()
    .describe(
      "How many more make the interval ± 5 of 100 wide (means: a twentieth of the scale); null: unknown",
    ),
  compare: Figures.extend({ period, change: Change, series }).optional(),
  series,
});
const Group = Answer.extend({
  group: z
    .record(z.string(), z.string().nullable())
    .describe("What it is the score of, by dimension; empty: of everything"),
  rest: Headline.extend({ change: Change.describe("From the rest to this group") })
    .optional()
    .describe(
      "All the other groups together, but for those of sample data, which have none; absent where they have no common score",
    ),
});

const about = {
  period,
  time_zone: z.string(),
  more: z.int().optional().describe("With limit: how many groups there are besides"),
  source: z
    .enum(["counts", "responses"])
    .describe("counts: from the roll-up; responses: counted from the rows, since no breakdown counts this"),
};
export const TouchpointScore = Answer.extend({
  ...about,
  touchpoint: z.string(),
  last_answered_at: instantOut
    .nullable()
    .describe(
      "When the newest counted response there was answered, whatever period and filter are asked for; null: never",
    ),
  data: z.array(Group).optional().describe("With group_by"),
});
export type TouchpointScore = z.output<typeof TouchpointScore>;
export const Scores = z.object({ ...about, data: z.array(Group) });
export type Scores = z.output<typeof Scores>;
