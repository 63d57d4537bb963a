import * as z from "zod";
import { instant, instantOut, locale, properties, rating, text, touchpointName } from "./fields.ts";

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
