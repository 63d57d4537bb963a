import * as z from "zod";
import { instantOut } from "../fields.ts";
import { SavedSurvey, Survey, SurveyPatch } from "./surveys.ts";

/** What a survey asks, part by part: each version has its own, and a draft may change them. Name, kind and scale are the survey's. */
const Asked = Survey.pick({
  subject: true,
  locale: true,
  texts: true,
  look: true,
  steps: true,
  thanks: true,
  theme: true,
});
const parts = Asked.keyof();
export const surveyParts = parts.options;

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

export const SurveyVersion = SurveyVersionLine.omit({ changed: true }).extend(Asked.shape);

export const SurveyDraftPatch = SurveyPatch.omit({ name: true });

export const SurveyDraft = SavedSurvey.extend({
  changes: z.array(parts).describe("What differs from the live version; empty: nothing does"),
  changed_at: instantOut.nullable().describe("null: there is no draft, and this is the live version"),
  changed_by: z.string().nullable().describe("The id of the key or member that changed it last"),
}).describe("The survey as its draft has it");
