import * as z from "zod";
import { instantOut, locale, timeZone } from "../fields.ts";
import { memberAddress, memberName, roles } from "./members.ts";

const token = z
  .string()
  .max(100)
  .describe("What stands behind the # of the link: no server and no log on the way has seen it");

export const LinkInput = z.strictObject({ token });
export const SignIn = z.strictObject({
  token,
  name: memberName.optional().describe("Needed where the link makes a new member"),
  locale: locale.optional(),
  time_zone: timeZone.optional(),
});

export const OneTimeLink = z.object({
  purpose: z.enum(["setup", "invitation", "login", "address"]),
  workspace: z.string().nullable().describe("Name of the workspace of which one becomes a member"),
  role: z.enum(roles).nullable(),
  email: z.string().nullable(),
  needs_name: z.boolean().describe("It makes a new member"),
  device: z.string().nullable().describe("Where a link to sign in was asked for"),
  created_at: instantOut,
  expires_at: instantOut,
});

export type OneTimeLink = z.output<typeof OneTimeLink>;

export const LoginLinkInput = z.strictObject({ email: memberAddress });

export const SignedIn = z.object({
  member: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable().describe("null: none is proven"),
    locale: z.string().nullable().describe("null: as the browser says"),
    time_zone: z.string().nullable().describe("null: as the browser says"),
  }),
  session: z.string().describe("Id of this session"),
  workspaces: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(roles),
      is_only_owner: z.boolean().describe("Can neither leave nor have a lower role"),
      time_zone: z.string(),
      week_start: z.string(),
    }),
  ),
});
export type SignedIn = z.output<typeof SignedIn>;
export const SignedInPatch = z.strictObject({
  name: memberName.optional(),
  locale: locale.nullable().optional(),
  time_zone: timeZone.nullable().optional(),
});

export const Session = z.object({
  id: z.string(),
  is_this: z.boolean(),
  means: z
    .enum(["setup", "invitation", "login", "passkey", "access"])
    .describe("How it began; access: Cloudflare Access had let them in"),
  device: z.string().describe("Browser and system, such as Firefox on Linux"),
  created_at: instantOut,
  last_used_at: instantOut.describe("To the hour"),
  ends_at: instantOut.describe("14 days after its last use, but at most 90 after its begin"),
});
export type Session = z.output<typeof Session>;
export const Sessions = z.object({ data: z.array(Session) });
export const EndSessionsQuery = z.strictObject({
  keep: z.enum(["this"]).optional().describe("Ends all but this one; default: this one too"),
  passkeys: z
    .enum(["remove"])
    .optional()
    .describe("Removes one's passkeys too, where somebody else might have added one; default: they stay"),
});
