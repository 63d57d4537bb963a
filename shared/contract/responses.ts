import * as z from "zod";
import { bucketNames } from "../surveys/kinds.ts";
import { dayMs } from "../time/durations.ts";
import {
  channels,
  cursor,
  exclusions,
  instant,
  instantOut,
  limit,
  limitInBody,
  listOf,
  locale,
  properties,
  rating,
  respondent,
  responseId,
  revision,
  text,
  touchpointName,
} from "./fields.ts";
import { FieldErrors } from "./problem.ts";
import { answers } from "./surveys/follow-up.ts";

/** Unknown fields are dropped, not refused: no answer is lost because a newer widget sends more. */
export const ResponseInput = z.object({
  id: responseId,
  touchpoint: touchpointName,
  survey: z
    .string()
    .max(40)
    .optional()
    .describe("As in the answer of /v1/ask; default: what the touchpoint asks now"),
  survey_version: z
    .int()
    .min(1)
    .optional()
    .describe(
      "The version that was shown, as in the answer of /v1/ask; default: what was live at answered_at. One that is not there is left out",
    ),
  rating,
  comment: text(4000)
    .nullable()
    .optional()
    .describe(
      "null: there is none any more, of two versions by the higher revision; at revision 0 as if left out. Left out: as before. Where the survey does not ask for one, see answers",
    ),
  answers: answers
    .optional()
    .describe(
      "To the survey's steps, by their ids, all of them as they are now: of two versions the higher revision's stands. Left out: as before. What is no answer to a step that the survey asks after this rating, or asked until 14 days ago, is left out, but of an import",
    ),
  revision: revision.default(0),
  answered_at: instant
    .optional()
    .describe(
      "When it was answered, default: now. A secret key's is kept, from 1970 on, and up to a day ahead set to now; a page's is clamped to the last 14 days and to when its survey was asked",
    ),
  sent_at: instant
    .optional()
    .describe(
      "When this message was sent, by the clock that answered_at is of: by how far it goes wrong, answered_at is put right",
    ),
  locale: locale.optional(),
  properties: properties.optional(),
  respondent: respondent
    .optional()
    .describe(
      "An opaque id of yours; believed only with a valid respondent_hash, else kept as claimed_respondent",
    ),
  respondent_hash: z
    .string()
    .max(128)
    .optional()
    .describe("HMAC-SHA256 of respondent with the workspace's identity secret, hex, made by your server"),
});
export type ResponseInput = z.input<typeof ResponseInput>;

export const SavedResponse = z.object({
  id: z.string().describe("As it was sent"),
  stored_id: z
    .string()
    .optional()
    .describe(
      "The id that the response has, where it is another: the one sent says that it is made tomorrow or later",
    ),
  status: z.enum(["created", "updated", "unchanged"]),
  ignored: FieldErrors.optional().describe(
    "What was left out: an answer to no step that the survey asks after this rating, or one that the step cannot have; a comment that is not asked; a version that the survey does not have; a time ahead, of another day (UTC) than now; and with a publishable key what else costs no answer, for which a secret key gets a 422",
  ),
});

/**
 * Why a time (unix ms) from a server or a file cannot be when somebody answered; null: it can. The time is refused, not
 * moved: a misread date would make a wrong number. A clock may be ahead by up to a day.
 */
export const misdated = (at: number, now: number): string | null =>
  at < 0 || at > now + dayMs ? "must lie from 1970 to tomorrow" : null;

export const BatchInput = z.strictObject({
  responses: z.array(z.unknown()).min(1).max(500).describe("Up to 500 responses as in POST /v1/responses"),
  channel: z
    .enum(["api", "import"])
    .default("api")
    .describe("import: the answers were given elsewhere, before Candor"),
});
export const BatchRow = ResponseInput.omit({ respondent_hash: true, sent_at: true }).extend({
  earlier_id: responseId
    .optional()
    .describe("An id under which it may have been saved before, in the same channel; then it keeps that one"),
});
export const BatchResult = z.object({
  results: z.array(
    z.union([
      SavedResponse,
      z.object({ id: z.string().nullable(), status: z.literal("refused"), problem: z.unknown() }),
    ]),
  ),
});

export const Response = z.object({
  id: z.string(),
  touchpoint: z.string(),
  survey: z.string(),
  survey_version: z
    .int()
    .nullable()
    .describe(
      "Which version of the survey it answers, as it was said, else what was live at answered_at; null: it was imported, or given before there was one",
    ),
  rating,
  comment: z.string().nullable(),
  answers,
  channel: z.enum(channels),
  locale: z.string().nullable(),
  respondent: z.string().nullable().describe("Proven; null: anonymous"),
  claimed_respondent: z
    .string()
    .nullable()
    .describe(
      "Whom the answer says that it is from, where nobody proved it: it decides nothing. null: nobody",
    ),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  excluded: z.string().nullable().describe("null: counted; otherwise the reason"),
  excluded_at: instantOut
    .nullable()
    .describe("Since when, for this reason; null: it is counted, or was excluded before this was recorded"),
  excluded_by: z
    .string()
    .nullable()
    .describe(
      "The id of the key or member by which it was (key_…, mbr_…); null: as excluded_at, or Candor did it",
    ),
  answered_at: instantOut,
  received_at: instantOut,
  updated_at: instantOut.nullable(),
});
/** Not `Response`, which is the platform's. */
export type Answer = z.output<typeof Response>;

export const ResponsesQuery = z.strictObject({
  limit,
  cursor,
  touchpoint: touchpointName.optional(),
  survey: z.string().max(40).optional(),
  survey_version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "a version, from 1 on")
    .transform(Number)
    .optional()
    .describe(
      "Those that answer this version of the survey; refused without survey. Pages are as with comment",
    ),
  channel: z.enum(channels).optional(),
  from: instant.optional(),
  to: instant.optional(),
  excluded: z.enum(["true", "false"]).optional(),
  comment: z
    .enum(["true", "false"])
    .optional()
    .describe("With a comment, or without; a page may hold fewer than limit and still have a next_cursor"),
  rating: listOf(z.string().regex(/^(\d|10)$/, "a rating from 0 to 10"))
    .optional()
    .describe("One of these ratings: 0,1,2"),
  bucket: listOf(z.enum(bucketNames))
    .optional()
    .describe("In one of these buckets of its survey's scale: detractor,dissatisfied"),
});
/** A search by respondent. It is a body because a respondent must not stand in the address of a request. */
export const ResponseSearch = z.strictObject({
  respondent: respondent.describe(
    "An id of yours or an address, in whatever spelling, also as Ann <ann@shop.example> or mailto:…",
  ),
  limit: limitInBody,
  cursor,
});
export const ResponsePatch = z.strictObject({
  excluded: z.enum(exclusions).nullable().describe("The reason why it is not counted; null counts it again"),
});
