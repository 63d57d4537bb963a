import * as z from "zod";
import { HIGHEST_RATING, KINDS } from "./kinds.ts";

/**
 * The HTTP shapes: what each endpoint takes and answers, snake_case as on the wire. The only file of this folder that
 * imports zod; the widget takes types from here and nothing else. Descriptions become the reference at /docs.
 */

/** Text that D1 stores and returns unchanged: NUL and lone surrogates do not survive it, so they are refused. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(
      (value) => value.isWellFormed() && !value.includes("\0"),
      "must be well-formed Unicode without NUL",
    );

/** RFC 3339; answers unix milliseconds. */
const instant = z.iso
  .datetime({ offset: true })
  .transform((value) => Date.parse(value))
  .describe("RFC 3339 instant, such as 2026-10-01T00:00:00Z");
const instantOut = z.iso.datetime().describe("RFC 3339, UTC");

export const touchpointName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .describe("1 to 64 of a-z, 0-9, '.', '_', '-'");
const locale = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
  .describe("BCP 47 language, such as de or pt-BR");
const rating = z.int().min(0).max(HIGHEST_RATING).describe("A whole number of the survey's scale");
const responseId = z
  .uuid()
  .toLowerCase()
  .describe("UUID made by the client before it sends (version 7 sorts best)");
const scalar = z.union([text(500), z.number(), z.boolean()]);
const properties = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/), scalar)
  .refine((value) => Object.keys(value).length <= 20, "at most 20 properties")
  .describe("Up to 20 scalars about the situation, such as plan or order value");
const revision = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .describe(
    "Counts the changes that the respondent made; of two versions the higher wins, whichever arrives last",
  );

/** Why a response is not counted. */
export const exclusions = ["duplicate", "suspected_bot", "test", "staff", "other"] as const;
export const channels = ["widget", "link", "email", "api", "import"] as const;
export type Channel = (typeof channels)[number];

// ---- what the widget and programs send ----

/** A page may say `lang="en_US"` or nonsense: the survey is asked all the same, in its own language. */
const wantedLocale = z
  .string()
  .transform((value) => value.replaceAll("_", "-"))
  .pipe(locale)
  .optional()
  .catch(undefined)
  .describe("BCP 47 language; one that nobody knows falls back to the survey's own");

export const AskQuery = z.object({ touchpoint: touchpointName, locale: wantedLocale });

export const Ask = z.object({
  survey: z.string(),
  touchpoint: z.string(),
  locale: z.string(),
  direction: z.enum(["ltr", "rtl"]),
  texts: z.object({
    question: z.string(),
    low: z.string(),
    high: z.string(),
    comment: z.string(),
    send: z.string(),
    close: z.string(),
    thanks: z.string(),
    unsent: z.string().describe("Shown while an answer is kept for a later try"),
  }),
  options: z
    .array(
      z.object({
        rating,
        text: z.string().describe("What the button shows"),
        label: z.string().describe("What a screen reader says"),
        drawing: z.string().nullable().describe("SVG path in a 24 by 24 box, drawn instead of the text"),
      }),
    )
    .describe("Lowest rating first"),
  delay_seconds: z.int(),
  wait_days: z.int(),
});
export type Ask = z.infer<typeof Ask>;

/** Unknown fields are dropped and not refused: an answer is not lost because a newer widget says more. */
export const ResponseInput = z.object({
  id: responseId,
  touchpoint: touchpointName,
  survey: z
    .string()
    .max(40)
    .optional()
    .describe("As in the answer of /v1/ask; default: what the touchpoint asks now"),
  rating,
  comment: text(4000).optional(),
  revision: revision.default(0),
  answered_at: instant.optional().describe("When it was answered; clamped to the last 14 days. Default: now"),
  locale: locale.optional(),
  properties: properties.optional(),
  respondent: text(200).optional().describe("An opaque id of yours; kept only with a valid respondent_hash"),
  respondent_hash: z
    .string()
    .max(128)
    .optional()
    .describe("HMAC-SHA256 of respondent with the workspace's identity secret, hex, made by your server"),
});
export type ResponseInput = z.input<typeof ResponseInput>;

export const SavedResponse = z.object({
  id: z.string(),
  status: z.enum(["created", "updated", "unchanged"]),
});

export const ImpressionInput = z.object({ touchpoint: touchpointName, survey: z.string().max(40) });

export const BatchInput = z.strictObject({
  responses: z
    .array(z.unknown())
    .min(1)
    .max(500)
    .describe("Up to 500 responses as in POST /v1/responses; times may lie further back than 14 days"),
});
export const BatchRow = ResponseInput.omit({ respondent_hash: true });
export const BatchResult = z.object({
  results: z.array(
    z.union([
      SavedResponse,
      z.object({ id: z.string().nullable(), status: z.literal("refused"), problem: z.unknown() }),
    ]),
  ),
});

// ---- responses as resources ----

export const Response = z.object({
  id: z.string(),
  touchpoint: z.string(),
  survey: z.string(),
  rating,
  comment: z.string().nullable(),
  channel: z.enum(channels),
  locale: z.string().nullable(),
  respondent: z.string().nullable().describe("null: anonymous"),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  excluded: z.string().nullable().describe("null: counted; otherwise the reason"),
  answered_at: instantOut,
  received_at: instantOut,
  updated_at: instantOut.nullable(),
});

/** Query values are matched as text and never coerced: '' and null must not become 0. */
const limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, "a whole number from 1 to 100")
  .transform(Number)
  .default(50);
const cursor = z.string().max(200).optional().describe("next_cursor of the page before");

export const PageQuery = z.strictObject({ limit, cursor });
export const ResponsesQuery = z.strictObject({
  limit,
  cursor,
  touchpoint: touchpointName.optional(),
  survey: z.string().max(40).optional(),
  channel: z.enum(channels).optional(),
  from: instant.optional(),
  to: instant.optional(),
  excluded: z.enum(["true", "false"]).optional(),
});
export const ResponsePatch = z.strictObject({
  excluded: z.enum(exclusions).nullable().describe("The reason why it is not counted; null counts it again"),
});

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    next_cursor: z.string().nullable().describe("null: this was the last page"),
  });

// ---- surveys, touchpoints, keys ----

/** Where a CSS color, url or markup could be smuggled in, nothing but plain text is taken; it is escaped on output. */
const ownTexts = z
  .partialRecord(
    locale,
    z.strictObject({
      question: text(300).optional(),
      low: text(80).optional(),
      high: text(80).optional(),
      comment: text(200).optional(),
      thanks: text(300).optional(),
    }),
  )
  .refine((value) => Object.keys(value).length <= 60, "at most 60 languages")
  .describe("Your own wording by language; what is missing comes from Candor");

const kindName = z.string().refine((name) => Object.hasOwn(KINDS, name), {
  error: () => `must be one of ${Object.keys(KINDS).join(", ")}`,
});

export const SurveyInput = z.strictObject({
  name: text(120),
  kind: kindName.describe("nps, csat, ces, fcr or thumbs"),
  scale_max: z.int().optional().describe("The highest rating, where the kind offers several scales"),
  satisfied_from: z
    .int()
    .optional()
    .describe("csat: the lowest rating that counts as satisfied; default: the top two"),
  subject: text(120).describe("Replaces {subject} in the question"),
  locale: locale.default("en"),
  texts: ownTexts.default({}),
});
export const SurveyPatch = z.strictObject({
  name: text(120).optional(),
  subject: text(120).optional(),
  locale: locale.optional(),
  texts: ownTexts.optional(),
});
export const Survey = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  scale: z.object({ min: z.int(), max: z.int() }),
  satisfied_from: z.int().nullable(),
  subject: z.string(),
  locale: z.string(),
  texts: z.record(z.string(), z.record(z.string(), z.string())),
  created_at: instantOut,
  archived_at: instantOut.nullable(),
});

export const TouchpointInput = z.strictObject({
  name: touchpointName,
  survey: z.string().max(40).nullable().default(null).describe("The survey asked here; null: none"),
  delay_seconds: z.int().min(0).max(3600).default(0).describe("Seconds before a popover opens"),
  wait_days: z.int().min(0).max(365).default(30).describe("Days in which a visitor is not asked again"),
});
export const TouchpointPatch = z.strictObject({
  survey: z.string().max(40).nullable().optional(),
  delay_seconds: z.int().min(0).max(3600).optional(),
  wait_days: z.int().min(0).max(365).optional(),
});
export const Touchpoint = z.object({
  id: z.string(),
  name: z.string(),
  survey: z.string().nullable(),
  delay_seconds: z.int(),
  wait_days: z.int(),
  created_at: instantOut,
  archived_at: instantOut.nullable(),
});

// Not z.httpUrl(): it refuses http://localhost:8080, where every integration begins.
const origin = z
  .string()
  .max(300)
  .refine(
    (value) => /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value,
    "an origin, such as https://shop.example, without a path",
  );
export const KeyInput = z.strictObject({
  name: text(120),
  kind: z.enum(["publishable", "secret"]),
  scopes: z
    .array(z.enum(["read", "write"]))
    .min(1)
    .max(2)
    .optional()
    .describe("Secret keys only; default: read"),
  origins: z
    .array(origin)
    .max(50)
    .default([])
    .describe("Publishable keys only: pages that may use it; empty: any"),
});
export const KeyPatch = z.strictObject({
  name: text(120).optional(),
  origins: z.array(origin).max(50).optional(),
});
export const Key = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["publishable", "secret"]),
  last_four: z.string(),
  scopes: z.array(z.string()),
  origins: z.array(z.string()),
  created_at: instantOut,
  archived_at: instantOut.nullable(),
});
export const NewKey = Key.extend({ key: z.string().describe("Shown this once") });

export const Workspace = z.object({
  id: z.string(),
  name: z.string(),
  identity_secret: z.string().describe("Sign respondent ids with it, on your server only"),
});

// ---- survey links ----

export const LinkInput = z.strictObject({
  touchpoint: touchpointName,
  survey: z.string().max(40).optional().describe("Default: what the touchpoint asks now"),
  respondent: text(200).optional(),
  properties: properties.optional(),
  locale: locale.optional(),
  expires_at: instant.optional().describe("Default: in 90 days; at most in 365"),
});
export const Link = z.object({
  url: z.string().describe("The survey page"),
  rating_urls: z
    .array(z.object({ rating, url: z.string() }))
    .describe("The page with a rating preselected, for a mail"),
  response: z.string().describe("The id that the response will have"),
  expires_at: instantOut,
});

// ---- scores ----

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
  distribution: z.array(z.object({ rating, count: z.int() })),
  buckets: z.array(
    z.object({
      name: z.string(),
      from: z.int(),
      to: z.int(),
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

// ---- errors ----

/** RFC 9457. */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  request_id: z.string(),
  errors: z
    .array(
      z.object({
        pointer: z.string().describe("JSON pointer into the body, or ?name of the query"),
        detail: z.string(),
      }),
    )
    .optional(),
});
