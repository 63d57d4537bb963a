import * as z from "zod";
import { canonicalAddress } from "../../mail/addresses.ts";
import { instantOut } from "../fields.ts";
import { address, line } from "../mail/mail.ts";

/** What a member may be, from the least to the most. worker/workspaces/access.ts says what each may do. */
export const roles = ["analyst", "editor", "owner"] as const;
export type Role = (typeof roles)[number];

const role = z
  .enum(roles)
  .describe(
    "analyst: reads; editor: also surveys, touchpoints, sends, exclusions; owner: also keys, members, data",
  );

/** In the one spelling by which members are known. */
export const memberAddress = address.transform((given) => canonicalAddress(given) ?? given);
/** Names go into mails too, so they are one line. */
export const memberName = line(100);

export const Member = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable().describe("null: none is proven, or the caller may not manage members"),
  role,
  joined_at: instantOut,
  last_seen_at: instantOut
    .nullable()
    .describe(
      "To the hour. null: signed in nowhere, or a member of other workspaces too, where this would tell of those, or the caller may not manage members",
    ),
});
export type Member = z.output<typeof Member>;
export const MemberPatch = z.strictObject({ role });
export const RemovedMember = z.object({
  keys: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .describe(
      "Keys that the member made, or a key of theirs, and that still work: archive those that only they knew",
    ),
});
export type RemovedMember = z.output<typeof RemovedMember>;
export const Members = z.object({ data: z.array(Member) });

export const MemberInvitationInput = z.strictObject({
  role,
  email: memberAddress
    .optional()
    .describe("Where this deployment can send mails, the link goes there and is shown to nobody else"),
});
export const MemberInvitation = z.object({
  id: z.string(),
  role,
  email: z.string().nullable(),
  mailed: z.boolean(),
  invited_by: z.string().describe("Id of the member or key"),
  created_at: instantOut,
  expires_at: instantOut,
});
export type MemberInvitation = z.output<typeof MemberInvitation>;
export const NewMemberInvitation = MemberInvitation.extend({
  url: z.string().nullable().describe("Works once, and is shown this once; null: it was mailed"),
});
export type NewMemberInvitation = z.output<typeof NewMemberInvitation>;
export const MemberInvitations = z.object({ data: z.array(MemberInvitation) });
