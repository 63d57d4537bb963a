import type { Context, Hono } from "hono";
import type * as z from "zod";
import {
  Member,
  type MemberInvitation,
  MemberInvitationInput,
  MemberInvitations,
  MemberPatch,
  Members,
  NewMemberInvitation,
  RemovedMember,
  type Role,
} from "../../../shared/contract/members/members.ts";
import { actOf } from "../../audit/act.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { mayGive } from "../../workspaces/access.ts";
import { findWorkspace } from "../../workspaces/db/workspaces.ts";
import { changeRole, type Joined, listMembers, removeMember } from "../db/members.ts";
import {
  findInvitation,
  type InvitationRow,
  insertLink,
  listInvitations,
  markMailed,
  takeBackInvitation,
} from "../db/one-time-links.ts";
import { newLink, urlOf } from "../links.ts";
import { linkSender, mailLink } from "../mails.ts";
import { onlyOwner } from "./session.ts";

const memberJson = (row: Joined, caller: Caller): z.input<typeof Member> => ({
  id: row.id,
  name: row.name,
  email: caller.may.includes("manage") ? row.address : null,
  role: row.role,
  joined_at: new Date(row.joinedAt).toISOString(),
  last_seen_at: caller.may.includes("manage") ? instantOrNull(row.seenAt) : null,
});

const invitationJson = (row: InvitationRow): z.input<typeof MemberInvitation> => ({
  id: row.id,
  role: row.role,
  email: row.address,
  mailed: row.mailed === 1,
  invited_by: row.madeBy,
  created_at: new Date(row.createdAt).toISOString(),
  expires_at: new Date(row.expiresAt).toISOString(),
});

/** Mails an invitation's link, where this deployment can. False: somebody else has to hand it over. */
async function mailInvitation(
  c: Context<App>,
  caller: Caller,
  { to, url, isNew }: { to: string; url: string; isNew: boolean },
): Promise<boolean> {
  const sender = await linkSender(c);
  if (!sender) return false;
  const { name } = orNotFound(await findWorkspace(c.var.db, caller.workspace));
  return await mailLink(c, sender, to, {
    subject: `You are invited to ${name} in Candor`,
    says: `This link makes you a member of ${name}. It works once, for 7 days${isNew ? "" : ", and the one before no more"}.`,
    url,
  });
}

/**
 * Throws a 403: by a role that may more, whoever gives it could become more than they are, and an owner outlives the session
 * of whoever made them one.
 */
function requireGivable(caller: Caller, role: Role): void {
  if (!mayGive(caller, role))
    throw new Problem("forbidden", { detail: `It cannot make anybody ${role}, who may what it may not` });
  if (role === "owner" && caller.is === "member") caller.requireFresh();
}

/** Makes an invitation, in place of another one or of none, and answers its link unless it could be mailed. */
async function invite(
  c: Context<App>,
  caller: Caller,
  { role, address }: Pick<InvitationRow, "role" | "address">,
  replaces: string | null,
): Promise<Response> {
  requireGivable(caller, role);
  const { db, now } = c.var;
  const given = { workspace: caller.workspace, role, address, madeBy: caller.id };
  const { link, path } = await newLink("invitation", given, now);
  const act = actOf(c, caller, replaces === null ? "invitation.made" : "invitation.renewed", link.id);
  if (!(await insertLink(db, link, act, replaces))) {
    // Used or taken back meanwhile.
    if (replaces !== null) orNotFound(await findInvitation(db, caller.workspace, replaces, now));
    throw new Problem("conflict", {
      detail:
        "A hundred invitations are open, or you have sent ten mails within an hour, or three to this address",
    });
  }
  const url = urlOf(c, path);
  const mailed =
    address !== null && (await mailInvitation(c, caller, { to: address, url, isNew: replaces === null }));
  // Only now does it prove the address: until here the answer might still have shown the link to whoever invites.
  if (mailed) await markMailed(db, link.id);
  const row: InvitationRow = { ...link, role, address, mailed: mailed ? 1 : 0, madeBy: caller.id };
  return json(c, { ...invitationJson(row), url: mailed ? null : url }, 201);
}

export function memberRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/members",
      access: "read",
      summary: "The members of the workspace, in the order in which they joined",
      answers: { 200: { description: "The members", schema: Members } },
    },
    async ({ c, caller }) => {
      const rows = await listMembers(c.var.db, caller.workspace);
      return json(c, { data: rows.map((row) => memberJson(row, caller)) });
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/members/invitations",
      access: "manage",
      summary: "Invitations that nobody has used yet, oldest first",
      answers: { 200: { description: "The invitations", schema: MemberInvitations } },
    },
    async ({ c, caller }) => {
      const rows = await listInvitations(c.var.db, caller.workspace, c.var.now);
      return json(c, { data: rows.map(invitationJson) });
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/members/invitations",
      access: "manage",
      tellsOfPeople: true,
      summary:
        "Invite somebody by a link that works once, for seven days. Members invite an owner within 15 minutes of signing in",
      body: MemberInvitationInput,
      answers: {
        201: {
          description: "The invitation, and its link unless it was mailed",
          schema: NewMemberInvitation,
        },
      },
    },
    async ({ c, caller, body: { role, email = null } }) => invite(c, caller, { role, address: email }, null),
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/members/invitations/:invitation/renew",
      access: "manage",
      tellsOfPeople: true,
      summary: "Make an invitation anew that got lost: its link is another one, and the one before ends",
      answers: {
        201: {
          description: "The invitation in its place, and its link unless it was mailed",
          schema: NewMemberInvitation,
        },
      },
    },
    async ({ c, caller, param }) => {
      const { db, now } = c.var;
      const lost = orNotFound(await findInvitation(db, caller.workspace, param("invitation"), now));
      return invite(c, caller, lost, lost.id);
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/members/invitations/:invitation",
      access: "manage",
      summary: "Take an invitation back",
      answers: { 204: { description: "Its link does not work any more" } },
    },
    async ({ c, caller, param }) => {
      const act = actOf(c, caller, "invitation.taken_back", param("invitation"));
      if (!(await takeBackInvitation(c.var.db, caller.workspace, param("invitation"), c.var.now, act)))
        throw new Problem("not-found");
      return c.body(null, 204);
    },
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/members/:member",
      access: "manage",
      tellsOfPeople: true,
      summary:
        "Give a member another role, or take a removal of the last ten minutes back. Members make an owner within 15 minutes of signing in",
      body: MemberPatch,
      answers: { 200: { description: "The member", schema: Member } },
    },
    async ({ c, caller, param, body: { role } }) => {
      requireGivable(caller, role);
      const act = actOf(c, caller, "member.changed", param("member"));
      const changed = orNotFound(
        await changeRole(c.var.db, caller.workspace, param("member"), role, c.var.now, act),
      );
      if (changed === "last-owner") throw onlyOwner();
      return json(c, memberJson(changed, caller));
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/members/:member",
      access: "manage",
      summary: "Remove a member at once. Whoever is a member of no other workspace is signed out",
      answers: { 200: { description: "Removed, and which of their keys still work", schema: RemovedMember } },
    },
    async ({ c, caller, param }) => {
      const act = actOf(c, caller, "member.removed", param("member"));
      const keys = orNotFound(
        await removeMember(c.var.db, caller.workspace, param("member"), c.var.now, act),
      );
      if (keys === "last-owner") throw onlyOwner();
      return json(c, { keys } satisfies z.input<typeof RemovedMember>);
    },
  );
}
