import * as z from "zod";
import { placeholderProblem } from "../../mail/placeholders.ts";
import { instantOut, locale, propertyName, scalar, text, touchpointName } from "../fields.ts";
import { byLocale } from "../surveys/follow-up.ts";
import { line } from "./mail.ts";

const filled = (schema: z.ZodString) =>
  schema.check(({ value, issues }) => {
    const message = placeholderProblem(value);
    if (message) issues.push({ code: "custom", input: value, message });
  });

const words = z.strictObject({
  subject: filled(line(200)).optional().describe("Default: the survey's question"),
  intro: filled(text(4000)).optional().describe("Above the question; an empty line begins a paragraph"),
  question: filled(text(300)).optional().describe("Default: the survey's"),
  outro: filled(text(4000)).optional().describe("Below the ratings"),
  signature: filled(text(1000)).optional(),
});

const texts = byLocale(words)
  .refine((value) => Object.keys(value).length > 0, "word it in at least one language")
  .describe(
    "By language. Placeholders are {{name|there}}, {{first_name|there}}, {{email|}} and {{property.plan|yours}}, with what stands where it is not known",
  );
export type TemplateTexts = z.output<typeof texts>;

export const TemplateInput = z.strictObject({ name: text(120), texts });
export const TemplatePatch = TemplateInput.partial();
export const Template = z.object({
  id: z.string(),
  version: z.int().describe("Each change is a new one; a campaign keeps the one that it was made with"),
  name: z.string(),
  texts,
  created_at: instantOut.describe("Of this version"),
});

const version = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, "a whole number from 1")
  .transform(Number)
  .optional()
  .describe("Default: the last");
export const TemplateQuery = z.strictObject({ version });

export const PreviewQuery = z.strictObject({
  version,
  touchpoint: touchpointName,
  survey: z.string().max(40).optional(),
  locale: locale.optional(),
  name: text(100).optional().describe("Of the recipient; without it the fall-backs are shown"),
  property: z.partialRecord(propertyName, scalar).optional(),
  format: z.enum(["json", "html", "text"]).default("json").describe("html, text: that part alone"),
});
export const Preview = z.object({ subject: z.string(), html: z.string(), text: z.string() });
