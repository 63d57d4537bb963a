import * as z from "zod";
import { instant, instantOut, locale, propertyName, scalar, text } from "../fields.ts";

/** The beginning of a pattern that is compared from the start of the address. */
const fromTheStart = /^(\/|\w+:\/\/[^/?])/;
/** Each star adds alternatives that every visitor downloads. */
const maxStars = 5;

const page = text(200).refine((value) => !value.includes("#"), "what stands behind # is not compared");
const anchored = page.refine(
  (value) => fromTheStart.test(value),
  "must begin with / or with https:// and a host",
);

/** Pages by their address. No regular expressions: they are easy to get wrong, and slow ones block a visitor's page. */
export const PageForm = z
  .strictObject({
    is: anchored.optional(),
    starts_with: anchored.optional(),
    contains: page.optional(),
    glob: page
      .refine((value) => /^\*/.test(value) || fromTheStart.test(value), "must begin with /, https:// or *")
      .refine((value) => value.split(/\*+/).length <= maxStars + 1, `at most ${maxStars} *`)
      .optional()
      .describe("* stands for any letters, / among them"),
  })
  .refine((value) => Object.keys(value).length === 1, "give one of is, starts_with, contains, glob")
  .describe(
    "What begins with / is compared with the path, anything else with the whole address. With a ? in it the query is compared too, from the ? on",
  );
export type PageForm = z.output<typeof PageForm>;

export const AudienceCondition = z
  .strictObject({
    property: propertyName,
    is: z.array(scalar).min(1).max(50).optional(),
    is_not: z.array(scalar).min(1).max(50).optional(),
    at_least: z.number().optional(),
    at_most: z.number().optional(),
  })
  .refine((value) => Object.keys(value).length > 1, "give one of is, is_not, at_least, at_most")
  .describe("All that is given must hold. A property that the page does not give only meets is_not");
export type AudienceCondition = z.output<typeof AudienceCondition>;
const audience = z.array(AudienceCondition).max(20);

const eventName = z
  .string()
  .regex(/^[A-Za-z][\w.:-]{0,63}$/, "a letter, then up to 63 of A-Z, a-z, 0-9, '_', '.', ':', '-'");

const triggers = ["event", "scroll", "exit", "visible", "seconds", "views"] as const;

export const TriggerForm = z
  .strictObject({
    event: eventName.optional().describe("The page reports an event of this name"),
    properties: audience.optional().describe("Of the event; only with event"),
    scroll: z.int().min(1).max(100).optional().describe("Percent of the page"),
    exit: z.literal(true).optional().describe("The pointer leaves the page at its top"),
    visible: text(200).optional().describe("CSS selector of an element that comes into view"),
    seconds: z.int().min(1).max(3600).optional().describe("On the page"),
    views: z.int().min(1).max(1000).optional().describe("Pages viewed, this one among them"),
  })
  .check(({ value, issues }) => {
    const given = triggers.filter((name) => value[name] !== undefined);
    if (given.length !== 1)
      issues.push({ code: "custom", input: value, message: `give one of ${triggers.join(", ")}` });
    if (value.properties && value.event === undefined)
      issues.push({ code: "custom", input: value, path: ["properties"], message: "belongs to an event" });
  });
export type TriggerForm = z.output<typeof TriggerForm>;

export const devices = ["phone", "tablet", "desktop"] as const;
export const device = z.enum(devices);

const pages = z.array(PageForm).max(50);
const ruleFields = {
  pages: pages.optional().describe("Asked on one of these pages only"),
  not_pages: pages.optional().describe("Never asked on these pages"),
  devices: z
    .array(device)
    .min(1)
    .max(devices.length)
    .optional()
    .describe("By the width of the window: less than 600 px, less than 1000, more"),
  languages: z.array(locale).min(1).max(60).optional().describe("Of the page or browser; de means de-AT too"),
  audience: audience.optional().describe("Of the properties that the page gives; all must hold"),
  sample: z.number().min(0).max(1).optional().describe("The share of visitors who are asked"),
  most_responses: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("Counted responses to the survey at this touchpoint after which it is asked no more"),
  trigger: z
    .array(TriggerForm)
    .max(10)
    .optional()
    .describe("Asked as soon as one of these happens; none: at once"),
  cancel_on: z
    .array(eventName)
    .max(20)
    .optional()
    .describe("Events after which it is not asked on this page any more, nor while it waits"),
};

export const TouchpointRules = z
  .strictObject({
    ...ruleFields,
    from: instant.optional().describe("RFC 3339; asked from then on"),
    until: instant.optional().describe("RFC 3339; asked until then"),
  })
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, {
    path: ["until"],
    message: "must be later than from",
  })
  .describe("Who is asked where and when. What is missing restricts nothing. Replaced as a whole");
export type TouchpointRules = z.output<typeof TouchpointRules>;

export const TouchpointRulesOut = z.object({
  ...ruleFields,
  from: instantOut.optional(),
  until: instantOut.optional(),
});

const corners = ["bottom-right", "bottom-left", "top-right", "top-left"] as const;
const edges = ["left", "right", "bottom"] as const;
const isEdge = (at: string) => edges.some((edge) => edge === at);

export const Show = z
  .strictObject({
    as: z.enum(["popover", "bar", "modal", "sheet", "tab"]),
    at: z
      .enum([...corners, ...edges])
      .optional()
      .describe("A tab stands at the left, right or bottom edge, everything else at a corner"),
  })
  .refine(({ as, at }) => at === undefined || isEdge(at) === (as === "tab"), {
    path: ["at"],
    error: ({ input }) =>
      Object(input).as === "tab" ? `must be ${edges.join(", ")}` : `must be ${corners.join(", ")}`,
  })
  .describe("How it is shown");
export type Show = z.output<typeof Show>;
export const showSetting = Show.nullable().describe(
  "How it is shown; null: as a popover at the bottom, where lines end",
);
