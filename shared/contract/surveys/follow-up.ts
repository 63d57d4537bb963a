/** What follows the rating: the steps and the thanks. */
import * as z from "zod";
import { HIGHEST_RATING } from "../../surveys/kinds.ts";
import { locale, text } from "../fields.ts";

export const maxLanguages = 60;

/** Words by language. */
export const byLocale = <Words extends z.ZodType>(words: Words) =>
  z
    .partialRecord(locale, words)
    .refine((value) => Object.keys(value).length <= maxLanguages, `at most ${maxLanguages} languages`);

const stepId = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/)
  .describe("A letter, then up to 31 of a-z, 0-9, '_', '-'");

const bound = z.int().min(0).max(HIGHEST_RATING);
const maxChoices = 12;
const maxSteps = 5;

const inSomeLanguage = (value: object) => Object.keys(value).length > 0;
const worded = "word it in at least one language";

const Choice = z.strictObject({
  id: stepId,
  texts: byLocale(text(120)).refine(inSomeLanguage, worded),
});

const StepCondition = z
  .union([
    z.strictObject({ bucket: z.array(z.string().max(40)).min(1).max(5) }),
    z.strictObject({
      step: stepId,
      is: z
        .array(z.union([stepId, bound]))
        .min(1)
        .max(maxChoices),
    }),
  ])
  .describe("The rating lies in one of these buckets, or an earlier step has one of these answers");

export const Step = z
  .strictObject({
    id: stepId.describe("comment, of the kind text: the response's comment; any other is in its answers"),
    kind: z.enum(["text", "choice", "choices", "rating"]),
    texts: byLocale(z.strictObject({ question: text(300) })).default({}),
    choices: z.array(Choice).min(2).max(maxChoices).optional().describe("Of choice and choices"),
    scale: z
      .strictObject({ min: bound, max: bound })
      .refine(({ min, max }) => min < max, { path: ["max"], message: "must be more than min" })
      .optional()
      .describe("Of a rating; default: 1 to 5"),
    when: z.array(StepCondition).max(maxSteps).default([]).describe("Asked if all of these hold"),
  })
  .check(({ value, issues }) => {
    const refuse = (field: string, message: string) =>
      issues.push({ code: "custom", input: value, path: [field], message });
    const chooses = value.kind === "choice" || value.kind === "choices";
    if (chooses && !value.choices) refuse("choices", `say what there is to choose, 2 to ${maxChoices}`);
    if (!chooses && value.choices) refuse("choices", "belong to the kinds choice and choices");
    if (value.kind !== "rating" && value.scale) refuse("scale", "belongs to the kind rating");
    const isComment = value.id === "comment";
    if (isComment && value.kind !== "text") refuse("kind", "comment is a text");
    // Candor words the comment itself.
    if (!isComment && !inSomeLanguage(value.texts)) refuse("texts", worded);
  });
export type Step = z.output<typeof Step>;

export const steps = z
  .array(Step)
  .max(maxSteps)
  .nullable()
  .describe("What is asked after the rating, in this order; null: one free comment; []: nothing");

const httpsUrl = z.url({ protocol: /^https$/, hostname: z.regexes.domain, normalize: true }).max(500);

export const Thanks = z
  .strictObject({
    buckets: z.array(z.string().max(40)).min(1).max(5),
    texts: byLocale(z.strictObject({ text: text(300), link: text(80).optional() })).refine(
      inSomeLanguage,
      worded,
    ),
    url: httpsUrl.nullable().default(null).describe("Where the link leads; https only. null: no link"),
  })
  .check(({ value: { texts, url }, issues }) => {
    for (const [tag, words] of Object.entries(texts)) {
      const message = url ? "the words of the link are missing" : "there is no url that it leads to";
      if (words && (words.link === undefined) !== (url === null))
        issues.push({ code: "custom", input: words, path: ["texts", tag, "link"], message });
    }
  });
export type Thanks = z.output<typeof Thanks>;

export const thanks = z
  .array(Thanks)
  .max(5)
  .describe("Shown instead of texts.thanks: the first whose buckets the rating lies in");

/** Of an answer that is written. */
export const maxAnswerLetters = 500;

/** What a respondent answered to the steps. */
export const answers = z
  .record(stepId, z.union([text(maxAnswerLetters), z.number(), z.array(text(100)).max(maxChoices)]))
  .refine((value) => Object.keys(value).length <= maxSteps, `at most ${maxSteps} answers`)
  .describe("By the id of the step: what was written, rated or chosen");
export type Answers = z.output<typeof answers>;
