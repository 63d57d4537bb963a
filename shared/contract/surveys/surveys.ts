import * as z from "zod";
import { KINDS, LOOKS } from "../../surveys/kinds.ts";
import { instantOut, locale, text } from "../fields.ts";
import { byLocale, steps, thanks } from "./follow-up.ts";
import { themeSetting } from "./theme.ts";

const ratingKey = z.string().regex(/^(\d|10)$/, "a rating of the scale");

/** Plain text only, so that it cannot smuggle in a CSS color, url or markup; it is escaped on output. */
const ownTexts = byLocale(
  z.strictObject({
    question: text(300).optional(),
    low: text(80).optional(),
    high: text(80).optional(),
    comment: text(200).optional(),
    thanks: text(300).optional(),
    ratings: z
      .partialRecord(ratingKey, text(80))
      .optional()
      .describe("What single ratings mean; where look is labels, what their buttons show"),
    tab: text(40).optional().describe("On the tab that opens the survey"),
  }),
).describe("Your own wording by language; what is missing comes from Candor");
export type OwnTexts = z.output<typeof ownTexts>;

const kindName = z.string().refine((name) => Object.hasOwn(KINDS, name), {
  error: () => `must be one of ${Object.keys(KINDS).join(", ")}`,
});

const look = z
  .enum(LOOKS)
  .nullable()
  .describe("How ratings are drawn, where there is a drawing for the scale; null: as the kind's are");

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
  look: look.default(null),
  theme: themeSetting.default(null),
  steps: steps.default(null),
  thanks: thanks.default([]),
});
export const SurveyPatch = z.strictObject({
  name: text(120).optional(),
  subject: text(120).optional(),
  locale: locale.optional(),
  texts: ownTexts.optional(),
  look: look.optional(),
  theme: themeSetting.optional(),
  steps: steps.optional(),
  thanks: thanks.optional(),
});
export const Survey = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  scale: z.object({ min: z.int(), max: z.int() }),
  satisfied_from: z.int().nullable(),
  subject: z.string(),
  locale: z.string(),
  texts: ownTexts,
  look,
  theme: themeSetting,
  steps,
  thanks,
  version: z.int().describe("Counts the changes of what it asks, from 1 on; another name is none"),
  published_at: instantOut.describe("Since when this version is asked"),
  created_at: instantOut,
  archived_at: instantOut.nullable(),
});
export type Survey = z.infer<typeof Survey>;
export const SavedSurvey = Survey.extend({
  warnings: z.array(z.string()).optional().describe("What is taken, but should be looked at"),
});
