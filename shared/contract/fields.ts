/**
 * The HTTP shapes: what each endpoint takes and answers, snake_case as on the wire, one file for each resource; this
 * file has what they share. This is the only folder of shared/ that imports zod. The widget takes only types from it.
 * Descriptions become the reference at /docs.
 */
import * as z from "zod";
import { cutRows } from "../files/delimited.ts";
import { HIGHEST_RATING } from "../surveys/kinds.ts";
import { isTimeZone } from "../time/zones.ts";

/** Text that D1 stores and returns unchanged. NUL and lone surrogates would not survive, so they are refused. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(
      (value) => value.isWellFormed() && !value.includes("\0"),
      "must be well-formed Unicode without NUL",
    );

/** What a visitor wrote, as it can be stored. Forms send line ends as CRLF, which would count twice against a limit. */
export const cleanText = (written: string): string =>
  written.replaceAll("\r\n", "\n").replaceAll("\0", "").toWellFormed().trim();

const storable = text(200);

/** An id or address of a respondent, in the spelling that a host signs. It is not trimmed: that would change it. */
export const respondent = z
  .string()
  .max(200, { abort: true })
  .refine(
    (value) => storable.safeParse(value).success,
    "must be well-formed Unicode without NUL, and not empty",
  );

/** RFC 3339; answers unix milliseconds. */
export const instant = z.iso
  .datetime({ offset: true })
  .transform((value) => Date.parse(value))
  .describe("RFC 3339 instant, such as 2026-10-01T00:00:00Z");
export const instantOut = z.iso.datetime().describe("RFC 3339, UTC");

export const touchpointName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .describe("1 to 64 of a-z, 0-9, '.', '_', '-'");
export const locale = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
  .describe("BCP 47 language, such as de or pt-BR");
export const timeZone = z.string().refine(isTimeZone, "an IANA time zone, such as Europe/Berlin");
/** A page may say `lang="en_US"` or nonsense. The survey is then still asked, in its own language. */
export const wantedLocale = z
  .string()
  .transform((value) => value.replaceAll("_", "-"))
  .pipe(locale)
  .optional()
  .catch(undefined)
  .describe("BCP 47 language; one that nobody knows falls back to the survey's own");
export const rating = z.int().min(0).max(HIGHEST_RATING).describe("A whole number of the survey's scale");
export const responseId = z
  .uuid()
  .toLowerCase()
  .describe("UUID made by the client before it sends (version 7 sorts best)");
export const scalar = z.union([text(500), z.number(), z.boolean()]);
export const propertyName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);
export const properties = z
  .record(propertyName, scalar)
  .check(({ value, issues }) => {
    for (const key of Object.keys(value).slice(20))
      issues.push({ code: "custom", input: value, path: [key], message: "at most 20 properties" });
  })
  .describe("Up to 20 scalars about the situation, such as plan or order value");
export const revision = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .describe(
    "Counts the changes that the respondent made; of two versions the higher wins, whichever arrives last",
  );

/** Why a response is not counted. */
export const exclusions = ["duplicate", "suspected_bot", "test", "staff", "other"] as const;
export const channels = ["widget", "link", "email", "api", "import"] as const;
export type Channel = (typeof channels)[number];

/** Query values are matched as text and never coerced: '' and null must not become 0. */
export const limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, "a whole number from 1 to 100")
  .transform(Number)
  .default(50);
export const limitInBody = z.int().min(1).max(100).default(50);
export const cursor = z.string().max(600).optional().describe("next_cursor of the page before");

export const PageQuery = z.strictObject({ limit, cursor });

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    next_cursor: z.string().nullable().describe("null: this was the last page"),
  });

/**
 * Several values of one parameter, written as `a,b` or, where one has a comma itself, `"a,b",c`. Spaces around a value
 * are none of it: no stored value has any.
 */
export const listOf = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .string()
    .transform((text, { issues }) => {
      const { rows, end } = cutRows(text, { separator: ",", from: 0, isLast: true, maxRows: 1 });
      if (end < text.length)
        issues.push({ code: "custom", input: text, message: 'is a list such as a,b or "a,b",c' });
      return (rows[0] ?? []).map((value) => value.trim());
    })
    .pipe(z.array(item).min(1).max(50));
