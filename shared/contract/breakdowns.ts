import * as z from "zod";
import { instantOut, propertyName, text } from "./fields.ts";

const dimension = z
  .union([z.literal("locale"), z.templateLiteral(["property:", propertyName]) as z.ZodType<string, string>])
  .describe("locale, or property: and a property's name, such as property:plan");

export const maxValues = 200;

export const BreakdownInput = z.strictObject({
  dimension,
  values: z
    .array(text(500).refine((value) => !/^\((none|other)\)$/.test(value), "stands for what is not listed"))
    .min(1)
    .max(maxValues)
    .refine((values) => new Set(values).size === values.length, "each is given once")
    .optional()
    .describe(
      "Those that are counted by themselves, whatever else is claimed; numbers and booleans as text. Default: they are learnt, the most frequent of what is there and then as they come",
    ),
});
export const Breakdown = z.object({
  dimension: z.string(),
  ready: z.boolean().describe("Every response is counted; until then scores do not use it"),
  progress: z
    .object({ counted: z.int(), total: z.int() })
    .describe("Responses from before it was declared, as far as they are counted"),
  values: z
    .int()
    .describe(`Values that are counted by themselves, at most ${maxValues}; the rest is (other)`),
  listed: z.boolean().describe("They were listed; false: they are learnt"),
  created_at: instantOut,
});
export const Breakdowns = z.object({ data: z.array(Breakdown).describe("At most 10, oldest first") });
