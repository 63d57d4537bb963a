import * as z from "zod";
import { instantOut, touchpointName } from "./fields.ts";
import { PublicScoreSetting } from "./public-scores.ts";

export const TouchpointInput = z.strictObject({
  name: touchpointName,
  survey: z.string().max(40).nullable().default(null).describe("The survey asked here; null: none"),
  delay_seconds: z.int().min(0).max(3600).default(0).describe("Seconds before a popover opens"),
  wait_days: z.int().min(0).max(365).default(30).describe("Days in which a visitor is not asked again"),
  public_score: PublicScoreSetting.default(null),
});
export const TouchpointPatch = z.strictObject({
  survey: z.string().max(40).nullable().optional(),
  delay_seconds: z.int().min(0).max(3600).optional(),
  wait_days: z.int().min(0).max(365).optional(),
  public_score: PublicScoreSetting.optional(),
});
export const Touchpoint = z.object({
  id: z.string(),
  name: z.string(),
  survey: z.string().nullable(),
  delay_seconds: z.int(),
  wait_days: z.int(),
  public_score: PublicScoreSetting,
  created_at: instantOut,
  archived_at: instantOut.nullable(),
});
