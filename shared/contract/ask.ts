import * as z from "zod";
import type { Condition } from "../asking/asking.ts";
import type { CompiledRules } from "../asking/rules.ts";
import { rating, respondent, touchpointName, wantedLocale } from "./fields.ts";
import { Show } from "./surveys/rules.ts";

/** The behaviour that a page was written for, named by its date. Today there is one. */
export const askVersion = "2026-11-25";

/** An invalid hash identifies nobody. The page's mistake must not stop its visitors from being asked. */
const respondentHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .toLowerCase()
  .optional()
  .catch(undefined)
  .describe("HMAC-SHA256 of the respondent, hex: who is asked, so that askings elsewhere count too");

export const AskQuery = z.object({
  touchpoint: touchpointName
    .or(z.literal("").transform(() => undefined))
    .optional()
    .describe("Default, also when empty: all automatic touchpoints"),
  locale: wantedLocale,
  respondent_hash: respondentHash,
  version: z.string().max(20).optional().describe("A dated behaviour; one that is not known is the newest"),
});

const option = z.object({
  rating,
  text: z.string().describe("What the button shows"),
  label: z.string().describe("What a screen reader says"),
  drawing: z
    .string()
    .optional()
    .describe("SVG path in a 24 by 24 box, drawn instead of the text; left out: the text is shown"),
});

const condition = z
  .tuple([
    z.string(),
    z.boolean(),
    z.union([z.number(), z.array(z.union([z.string(), z.number(), z.boolean()]))]),
  ])
  .describe(
    "[property, true, values]: one of these; false: none of them. [property, true, n]: at least n; false: at most",
  )
  // The third part tells which of the two it is.
  .transform((terse) => terse as Condition);
const pagePatterns = z.array(z.array(z.string()));

/** What the widget decides by itself. A part that restricts nothing is left out. */
const rules: z.ZodType<CompiledRules> = z.object({
  clocks: z
    .array(z.union([z.tuple([z.int(), z.int(), z.string()]), z.tuple([z.int(), z.int()])]))
    .describe(
      "[days, times, survey]: at most so many askings of it in so many days; without survey: of all. The survey's own comes first",
    ),
  pages: pagePatterns
    .optional()
    .describe("Pieces of an address, which is written as ' origin path ?query ', one after the other"),
  notPages: pagePatterns.optional(),
  audience: z
    .array(condition)
    .optional()
    .describe("Of the page's properties, and of ' device': 0 phone, 1 tablet, 2 desktop"),
  sample: z.number().optional(),
  trigger: z
    .array(
      z.object({ event: z.string().optional(), visible: z.string().optional(), when: z.array(condition) }),
    )
    .optional()
    .describe(
      "Asked as soon as one of these happens; left out: at once. Without event and visible, `when` is about scroll (0 to 1), ms, views and exit",
    ),
  cancel: z.array(z.string()).optional().describe("Events after which it is not asked"),
});

const ratings = z.array(rating);

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
    next: z.string().optional().describe("With steps only"),
    many: z.string().optional().describe("With steps only: above choices of which several may be taken"),
    tab: z.string().optional().describe("With show.as tab only"),
  }),
  options: z.array(option).describe("Lowest rating first"),
  steps: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(["text", "choice", "choices", "rating"]),
        question: z.string(),
        choices: z
          .array(z.tuple([z.string(), z.string()]))
          .optional()
          .describe("Ids and words"),
        scale: z.array(option).optional(),
        when: z
          .array(
            z.object({
              step: z.string().optional().describe("An earlier step; left out: the rating"),
              is: z.array(z.union([z.string(), z.number()])),
            }),
          )
          .optional()
          .describe("Asked if the answers to all of these are among those"),
      }),
    )
    .optional()
    .describe("After the rating; left out: one free comment"),
  thanks: z
    .array(
      z.object({
        is: ratings,
        text: z.string(),
        link: z.object({ text: z.string(), url: z.string() }).optional(),
      }),
    )
    .optional()
    .describe("The first that has the rating; none: texts.thanks"),
  show: z.object(Show.shape).optional().describe("Left out: a popover at the bottom, where lines end"),
  survey_version: z.int().describe("Sent back with the response"),
  delay_seconds: z.int(),
  rules,
  css: z.string().optional().describe("Of the workspace's theme"),
  version: z
    .string()
    .optional()
    .describe("The dated behaviour that is answered; left out: the one that was asked for, or the newest"),
});
export type Ask = z.infer<typeof Ask>;

export const Asks = z.object({ asks: z.array(Ask) });

/** Why the server asks nobody, in the order of its checks. */
const askRefusals = [
  "nothing-asked",
  "privacy-signal",
  "not-started",
  "ended",
  "enough-responses",
  "language",
  "survey-clock",
  "workspace-clock",
  "budget",
] as const;
export type AskRefusal = (typeof askRefusals)[number];

export const ImpressionInput = z.object({
  touchpoint: touchpointName,
  survey: z.string().max(40),
  // An invalid respondent identifies nobody, like an invalid hash.
  respondent: respondent
    .optional()
    .catch(undefined)
    .describe("Who saw it; noted only with a valid respondent_hash, or with a secret key"),
  respondent_hash: respondentHash,
});
