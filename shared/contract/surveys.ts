import * as z from "zod";
import { KINDS } from "../kinds.ts";
import { instantOut, locale, text } from "./fields.ts";

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
export type Survey = z.infer<typeof Survey>;
