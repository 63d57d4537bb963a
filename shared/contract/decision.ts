import * as z from "zod";
import { instant, properties, respondent, wantedLocale } from "./fields.ts";
import { device } from "./surveys/rules.ts";

export const DecisionInput = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .describe("Of the page"),
    device: device.optional(),
    locale: wantedLocale,
    properties: properties.optional(),
    respondent: respondent
      .optional()
      .describe("An id of yours, as in responses: askings of this person that are known count"),
    luck: z.number().min(0).max(1).optional().describe("What is compared with sample, below which is asked"),
    askings: z
      .array(z.strictObject({ survey: z.string().max(40), at: instant }))
      .max(100)
      .default([])
      .describe("Surveys that were put before this person, besides those that are known"),
    at: instant.optional().describe("Default: now"),
  })
  .describe("What is not given is not looked at");

export const Decision = z.object({
  asked: z.boolean(),
  reason: z.string().nullable().describe("The first check that is not passed; null: asked"),
  explanation: z.string(),
  checks: z.array(z.object({ check: z.string(), passed: z.boolean(), explanation: z.string() })),
});
export type Decision = z.output<typeof Decision>;
