import * as z from "zod";
import { instantOut, PageQuery, touchpointName } from "../fields.ts";
import { PublicScoreSetting } from "../public-scores.ts";
import { showSetting, TouchpointRules, TouchpointRulesOut } from "./rules.ts";

const automatic = z
  .boolean()
  .describe("Asked by every page whose snippet names no touchpoint; at most 20, the oldest, are");

export const TouchpointsQuery = PageQuery.extend({
  // What a name begins with could be a name itself.
  name_prefix: touchpointName
    .optional()
    .describe("Only those whose names begin with this, such as checkout-; they come by name, not by age"),
});

export const TouchpointInput = z.strictObject({
  name: touchpointName,
  survey: z.string().max(40).nullable().default(null).describe("The survey asked here; null: none"),
  delay_seconds: z.int().min(0).max(3600).default(0).describe("Seconds before a popover opens"),
  wait_days: z
    .int()
    .min(0)
    .max(365)
    .default(30)
    .describe("Days in which a visitor is not asked this survey again"),
  show: showSetting.default(null),
  automatic: automatic.default(false),
  rules: TouchpointRules.default({}),
  public_score: PublicScoreSetting.default(null),
});
export const TouchpointPatch = z.strictObject({
  survey: z.string().max(40).nullable().optional(),
  delay_seconds: z.int().min(0).max(3600).optional(),
  wait_days: z.int().min(0).max(365).optional(),
  show: showSetting.optional(),
  automatic: automatic.optional(),
  rules: TouchpointRules.optional(),
  public_score: PublicScoreSetting.optional(),
});
export const Touchpoint = z.object({
  id: z.string(),
  name: z.string(),
  survey: z.string().nullable(),
  delay_seconds: z.int(),
  wait_days: z.int(),
  show: showSetting,
  automatic,
  rules: TouchpointRulesOut,
  public_score: PublicScoreSetting,
  created_at: instantOut,
  archived_at: instantOut.nullable(),
  sample: z.boolean().describe("Of the sample data: its answers are invented, and nothing is asked there"),
});
export type Touchpoint = z.output<typeof Touchpoint>;
