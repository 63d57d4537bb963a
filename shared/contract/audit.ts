import * as z from "zod";
import { cursor, instant, instantOut, limit } from "./fields.ts";

/**
 * Everything that is written down, by thing and act. Links, sends, recipients and responses only where a member adds them:
 * servers do so all day, each with a row of its own, and an entry beside each would cost as much again.
 */
export const acts = [
  "survey.created",
  "survey.changed",
  "survey.archived",
  "survey.draft_discarded",
  "touchpoint.created",
  "touchpoint.changed",
  "touchpoint.archived",
  "key.created",
  "key.changed",
  "key.archived",
  "workspace.changed",
  "template.created",
  "template.changed",
  "campaign.created",
  "campaign.changed",
  "breakdown.created",
  "breakdown.removed",
  "links.made",
  "send.made",
  "send.repeated",
  "recipients.added",
  "responses.added",
  "sample.loaded",
  "sample.removed",
  "unconfirmed.forgotten",
  "suppressions.added",
  "suppressions.removed",
  "response.excluded",
  "response.erased",
  "erasure.begun",
  "invitation.made",
  "invitation.renewed",
  "invitation.taken_back",
  "member.joined",
  "member.changed",
  "member.removed",
  "member.left",
  "passkey.added",
  "passkey.renamed",
  "passkey.removed",
] as const;
export type ActName = (typeof acts)[number];

export const AuditQuery = z.strictObject({
  by: z.string().max(40).optional().describe("Id of a member or key"),
  what: z.enum(acts).optional(),
  thing: z.string().max(100).optional().describe("Its id, or the name of a touchpoint or breakdown"),
  from: instant.optional().describe("Nothing older"),
  format: z
    .enum(["json", "csv", "ndjson"])
    .default("json")
    .describe(
      "csv, ndjson: up to 1,000 entries at once; where there are more, candor-next-cursor has the next ones",
    ),
  limit,
  cursor,
});

const value = z.union([z.string(), z.number(), z.null()]);
export const AuditEntry = z.object({
  id: z.string(),
  at: instantOut,
  by: z.object({ id: z.string(), name: z.string().nullable() }),
  what: z.string(),
  thing: z.string(),
  changes: z
    .array(z.object({ field: z.string(), before: value, after: value }))
    .describe(
      "What was there before and after, the first 1,000 letters; of a touchpoint's rules and the mail settings, which may name people, only the parts and their numbers. Answers' texts and secrets are never here",
    ),
  request_id: z.string(),
});
export type AuditEntry = z.output<typeof AuditEntry>;
