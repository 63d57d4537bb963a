import * as z from "zod";
import { instantOut } from "../fields.ts";
import { SavedSurvey, Survey, SurveyPatch } from "./surveys.ts";

/** What a survey asks, part by part: each version has its own, and a draft may change them. Name, kind and scale are the survey's. */
export const surveyParts = ["subject", "locale", "texts", "look", "steps", "thanks", "theme"] as const;
const parts = z.enum(surveyParts);

const { subject, locale, texts, look, steps, thanks, theme } = Survey.shape;

const version = z.int().min(1);
const publishedBy = z
  .string()
  .nullable()
  .describe("The id of the key or member by which it was (key_…, mbr_…); null: as the survey was created");

/** A version in the list of all. */
export const SurveyVersionLine = z.object({
  version,
  published_at: instantOut,
  published_by: publishedBy,
  changed: z.array(parts).describe("What differs from the version before; of the first, nothing"),
});

export const SurveyVersion = z.object({
  version,
  published_at: instantOut,
  published_by: publishedBy,
  subject,
  locale,
  texts,
  look,
  steps,
  thanks,
  theme,
});

export const SurveyDraftPatch = SurveyPatch.omit({ name: true });

export const SurveyDraft = SavedSurvey.extend({
  changes: z.array(parts).describe("What differs from the live version; empty: nothing does"),
  changed_at: instantOut.nullable().describe("null: there is no draft, and this is the live version"),
  changed_by: z.string().nullable().describe("The id of the key or member that changed it last"),
}).describe("The survey as its draft has it");
