import type { Context, Hono } from "hono";
import type * as z from "zod";
import { canonicalPerson } from "../../shared/addresses.ts";
import { Link, LinkInput, Links, LinksInput } from "../../shared/contract/links.ts";
import { ratingsOf } from "../../shared/kinds.ts";
import { startOfDate } from "../../shared/zones.ts";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { dayMs } from "../db/cells.ts";
import { type InvitationRow, insertInvitations, type NewInvitation } from "../db/invitations.ts";
import { rememberSpellings } from "../db/spellings.ts";
import type { SurveyRow } from "../db/surveys.ts";
import { findWorkspace } from "../db/workspaces.ts";
import { endpoint, valid } from "../endpoint.ts";
import { newResponseId } from "../ids.ts";
import { invitationCode, newInvitationId, publicId } from "../invitation.ts";
import { json } from "../json.ts";
import { spellingsOf } from "../people.ts";
import { Problem } from "../problem.ts";
import { answeredAt } from "./asked.ts";

/** A link that is to be made. */
interface Draft {
  invitation: NewInvitation;
  survey: SurveyRow;
  byButton: boolean;
  /** As it was spelt. */
  respondent: string | undefined;
}

export function linkRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/links",
      access: "write",
      summary: "Make a survey link for one respondent, or a list of them; each gives one response",
      body: LinksInput,
      answers: {
        200: { description: "Of a list: the result of each, in order", schema: Links },
        201: { description: "The link", schema: Link },
      },
    },
    async ({ c, caller, body: { links, touchpoint, ...one } }) => {
      if (!links) {
        const draft = await draftOf(c, caller, { touchpoint: touchpoint ?? "", ...one });
        const [made] = await makeLinks(c, caller, [draft]);
        if (!made || made instanceof Problem) throw made ?? new Problem("internal-error");
        return json(c, made, 201);
      }
      const drafts: (Draft | Problem)[] = [];
      // One after the other: at once, every row would ask the database what the first has not yet remembered.
      for (const link of links) drafts.push(await readDraft(c, caller, link));
      const made = await makeLinks(c, caller, drafts);
      const results = made.map((link) =>
        link instanceof Problem
          ? { status: "refused" as const, problem: link.details(c.var.requestId) }
          : { status: "made" as const, ...link },
      );
      return json(c, { results } satisfies z.input<typeof Links>);
    },
  );
}

async function readDraft(c: Context<App>, caller: Caller, link: unknown): Promise<Draft | Problem> {
  try {
    return await draftOf(c, caller, valid(LinkInput, link));
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return error;
    throw error;
  }
}

async function draftOf(c: Context<App>, caller: Caller, input: LinkInput): Promise<Draft> {
  const expiresAt = await expiryOf(c, caller, input);
  const { survey, touchpointRef } = await answeredAt(c, caller, input.touchpoint, input.survey ?? null);
  const id = await newInvitationId(caller.workspaceId, input.id);
  return {
    survey,
    byButton: input.confirm === "button",
    respondent: input.respondent,
    invitation: {
      id,
      touchpointRef,
      surveyRef: survey.ref,
      response: newResponseId(id),
      channel: "link",
      respondent: input.respondent === undefined ? null : canonicalPerson(input.respondent),
      properties: input.properties ?? null,
      locale: input.locale ?? null,
      changeable: input.changeable ?? true,
      expiresAt,
    },
  };
}

/** Unix ms. Throws a 422 that names the field. */
async function expiryOf(c: Context<App>, caller: Caller, input: LinkInput): Promise<number> {
  const { now } = c.var;
  const { expires_at: at, expires_on: on, time_zone: zone } = input;
  const check = (instant: number, field: string) => {
    if (instant > now && instant <= now + 365 * dayMs) return instant;
    throw Problem.field(field, "must lie within the next 365 days");
  };
  if (on === undefined) return check(at ?? now + 90 * dayMs, "/expires_at");
  const own = zone ?? (await findWorkspace(c.var.db, caller.workspace))?.timeZone ?? "UTC";
  const [year = 0, month = 0, day = 0] = on.split("-").map(Number);
  return check(startOfDate(own, year, month, day + 1), "/expires_on");
}

const clash = () => Problem.field("/id", "is the name of a link to another survey or touchpoint");

/** Stores those that are right, all at once; what was refused stays in its place. */
async function makeLinks(
  c: Context<App>,
  caller: Caller,
  drafts: readonly (Draft | Problem)[],
): Promise<(z.input<typeof Link> | Problem)[]> {
  const right = drafts.filter((draft): draft is Draft => !(draft instanceof Problem));
  const invitations = right.map(({ invitation }) => invitation);
  const named = right.flatMap(({ respondent }) => respondent ?? []);
  await rememberSpellings(c.var.db, caller.workspace, await spellingsOf(c.env, caller.workspaceId, named));
  const rows =
    right.length > 0
      ? await insertInvitations(c.var.db, caller.workspace, invitations, c.var.now)
      : new Map<string, InvitationRow>();
  return Promise.all(
    drafts.map(async (draft) => {
      if (draft instanceof Problem) return draft;
      const row = rows.get(draft.invitation.id);
      if (!row || row.surveyRef !== draft.survey.ref || row.touchpointRef !== draft.invitation.touchpointRef)
        return clash();
      return linkJson(c, draft, row);
    }),
  );
}

async function linkJson(
  c: Context<App>,
  { survey, byButton }: Draft,
  row: InvitationRow,
): Promise<z.input<typeof Link>> {
  const url = new URL(`/r/${await invitationCode(c.env.CANDOR_SECRET, row.id)}`, c.req.url).href;
  const ratings = ratingsOf({ min: survey.scaleMin, max: survey.scaleMax });
  const confirm = byButton ? "&confirm=button" : "";
  return {
    id: publicId(row.id),
    url,
    qr: `${url}/qr.svg`,
    rating_urls: ratings.map((rating) => ({ rating, url: `${url}?rating=${rating}${confirm}` })),
    response: row.response,
    expires_at: new Date(row.expiresAt).toISOString(),
  };
}
