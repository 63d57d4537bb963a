import * as z from "zod";
import { rating, touchpointName, wantedLocale } from "./fields.ts";

export const AskQuery = z.object({ touchpoint: touchpointName, locale: wantedLocale });

export const Ask = z.object({
  survey: z.string(),
  touchpoint: z.string(),
  locale: z.string(),
  direction: z.enum(["ltr", "rtl"]),
  texts: z.object({
    question: z.string(),
    low: z.string(),
    high: z.string(),
    comment: z.string(),
    send: z.string(),
    close: z.string(),
    thanks: z.string(),
    unsent: z.string().describe("Shown while an answer is kept for a later try"),
  }),
  options: z
    .array(
      z.object({
        rating,
        text: z.string().describe("What the button shows"),
        label: z.string().describe("What a screen reader says"),
        drawing: z.string().nullable().describe("SVG path in a 24 by 24 box, drawn instead of the text"),
      }),
    )
    .describe("Lowest rating first"),
  delay_seconds: z.int(),
  wait_days: z.int(),
});
export type Ask = z.infer<typeof Ask>;

export const ImpressionInput = z.object({ touchpoint: touchpointName, survey: z.string().max(40) });
