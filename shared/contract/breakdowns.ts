import * as z from "zod";
import { instantOut, propertyName } from "./fields.ts";

export const dimension = z
  .union([z.literal("locale"), z.templateLiteral(["property:", propertyName]) as z.ZodType<string, string>])
  .describe("locale, or property: and a property's name, such as property:plan");

export const BreakdownInput = z.strictObject({ dimension });
export const Breakdown = z.object({
  dimension: z.string(),
  ready: z.boolean().describe("Every response is counted; until then scores do not use it"),
  progress: z
    .object({ counted: z.int(), total: z.int() })
    .describe("Responses from before it was declared, as far as they are counted"),
  values: z.int().describe("Values that are counted by themselves, at most 200; the rest is (other)"),
  created_at: instantOut,
});
export const Breakdowns = z.object({ data: z.array(Breakdown).describe("At most 10, oldest first") });
