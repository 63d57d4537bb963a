import type { Context, Hono } from "hono";
import type * as z from "zod";
import { pageOf } from "../../../shared/contract/fields.ts";
import { Invitation, InvitationSearch, InvitationsQuery } from "../../../shared/contract/links.ts";
import { storedSpellings } from "../../../shared/mail/mentions.ts";
import { fromJson } from "../../db/json.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull, pageBody, readCursor } from "../../http/paging.ts";
import { orNotFound } from "../../http/problem.ts";
import { privateId, publicId } from "../codes.ts";
import {
  type InvitationRow,
  listInvitations,
  type Place,
  readInvitation,
  revokeInvitation,
} from "../db/invitations.ts";

export const invitationJson = (row: InvitationRow): z.input<typeof Invitation> => ({
  id: publicId(row.id),
  state: row.state,
  touchpoint: row.touchpoint,
  survey: row.survey,
  channel: row.channel,
  respondent: row.respondent,
  properties: fromJson(row.properties) ?? {},
  locale: row.locale,
  changeable: row.changeable === 1,
  response: row.response,
  created_at: new Date(row.createdAt).toISOString(),
  expires_at: new Date(row.expiresAt).toISOString(),
  revoked_at: instantOrNull(row.revokedAt),
  answered_at: instantOrNull(row.answeredAt),
  mail:
    row.address === null
      ? null
      : {
          email: row.address || null,
          campaign: row.campaign,
          reason: row.reason,
          attempts: row.attempts ?? 0,
          due_at: instantOrNull(row.dueAt),
          sent_at: instantOrNull(row.sentAt),
        },
});

export function invitationRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/invitations",
      access: "read",
      summary:
        "List the survey links that were made for one respondent each, newest first, with what became of them; a page that is short of its limit is not the last one while it has a next_cursor",
      query: InvitationsQuery,
      answers: { 200: { description: "A page of invitations", schema: pageOf(Invitation) } },
    },
    async ({ c, caller, query }) => {
      return json(c, await pageOfInvitations(c, caller, query, placeOf(query.cursor), null));
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/invitations/search",
      access: "read",
      summary: "List the survey links that were made for one respondent, as GET /v1/invitations does",
      body: InvitationSearch,
      answers: { 200: { description: "A page of invitations", schema: pageOf(Invitation) } },
    },
    async ({ c, caller, body }) => {
      const after = placeOf(body.cursor, "/cursor");
      return json(c, await pageOfInvitations(c, caller, body, after, storedSpellings(body.respondent)));
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/invitations/:invitation",
      access: "read",
      summary: "Read an invitation",
      answers: { 200: { description: "The invitation", schema: Invitation } },
    },
    async ({ c, caller, param }) =>
      json(c, invitationJson(await foundInvitation(c, caller, param("invitation")))),
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/invitations/:invitation",
      access: "write",
      tellsOfPeople: true,
      summary: "Revoke an invitation: its link takes no answer any more; one that it took stays",
      answers: { 200: { description: "The revoked invitation", schema: Invitation } },
    },
    async ({ c, caller, param }) => {
      const { id } = await foundInvitation(c, caller, param("invitation"));
      await revokeInvitation(c.var.db, caller.workspace, id, c.var.now);
      return json(c, invitationJson(await foundInvitation(c, caller, param("invitation"))));
    },
  );
}

async function pageOfInvitations(
  c: Context<App>,
  caller: Caller,
  { touchpoint, survey, campaign, state, limit }: z.output<typeof InvitationsQuery>,
  after: Place | null,
  respondent: string[] | null,
) {
  const filter = {
    touchpoint: touchpoint ?? null,
    survey: survey ?? null,
    campaign: campaign ?? null,
    state: state ?? null,
    respondent,
    after,
    limit: limit + 1,
  };
  const { rows, stoppedAt } = await listInvitations(c.var.db, caller.workspace, filter, c.var.now);
  const page = pageBody(rows, limit, invitationJson, cursorOf);
  return { ...page, next_cursor: page.next_cursor ?? (stoppedAt && cursorOf(stoppedAt)) };
}

/** Throws not-found. */
export async function foundInvitation(c: Context<App>, caller: Caller, id: string): Promise<InvitationRow> {
  return orNotFound(await readInvitation(c.var.db, caller.workspace, privateId(id), c.var.now));
}

const cursorOf = ({ createdAt, id }: Place) => `${createdAt}.${id}`;

function placeOf(cursor: string | undefined, pointer?: string): Place | null {
  const [createdAt, id] = readCursor(cursor, /^(\d{1,16})\.([\w-]{12})$/, pointer);
  return createdAt && id ? { createdAt: Number(createdAt), id } : null;
}
