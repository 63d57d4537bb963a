import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Link, LinkInput, Links, LinksInput } from "../../../shared/contract/links.ts";
import { canonicalSpelling, isSamePerson } from "../../../shared/mail/addresses.ts";
import { ratingsOf } from "../../../shared/surveys/kinds.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { startOfDate } from "../../../shared/time/zones.ts";
import { answeredAmong } from "../../asking/offered.ts";
import { actByHand } from "../../audit/act.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { Problem } from "../../http/problem.ts";
import { valid } from "../../http/validation.ts";
import { spellingsOf } from "../../people/person.ts";
import { newResponseId } from "../../secrets/ids.ts";
import type { AskedSurvey } from "../../surveys/db/asked.ts";
import type { SurveyRow } from "../../surveys/db/surveys.ts";
import { findWorkspace } from "../../workspaces/db/workspaces.ts";
import { invitationCode, invitationIds, publicId } from "../codes.ts";
import { type InvitationRow, insertInvitations, type NewInvitation } from "../db/invitations.ts";

/** A link to make. */
interface Draft {
  invitation: NewInvitation;
  survey: SurveyRow;
  byButton: boolean;
  /** In the spelling of the request. */
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
      const inputs = links ? links.map(readLink) : [{ touchpoint: touchpoint ?? "", ...one }];
      const made = await makeLinks(c, caller, await draftsOf(c, caller, inputs));
      if (!links) {
        const [link] = made;
        if (!link || link instanceof Problem) throw link ?? new Problem("internal-error");
        return json(c, link, 201);
      }
      const results = made.map((link) =>
        link instanceof Problem
          ? { status: "refused" as const, problem: link.details(c.var.requestId) }
          : { status: "made" as const, ...link },
      );
      return json(c, { results } satisfies z.input<typeof Links>);
    },
  );
}

/** What `work` answers, or the problem with which it refuses its row. The other rows are still made. */
function unlessRefused<Value>(work: () => Value): Value | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return error;
    throw error;
  }
}

const readLink = (link: unknown): LinkInput | Problem => unlessRefused(() => valid(LinkInput, link));

/** The links to make, or why not. The number of queries does not depend on the number of links. */
async function draftsOf(
  c: Context<App>,
  caller: Caller,
  inputs: readonly (LinkInput | Problem)[],
): Promise<(Draft | Problem)[]> {
  const right = inputs.filter((input): input is LinkInput => !(input instanceof Problem));
  const asked = await answeredAmong(
    c,
    caller,
    right.map(({ touchpoint, survey }) => [touchpoint, survey ?? null]),
  );
  const needsZone = right.some((input) => input.expires_on !== undefined && input.time_zone === undefined);
  const workspace = needsZone ? await findWorkspace(c.var.db, caller.workspace) : null;
  const zone = workspace?.timeZone ?? "UTC";
  const names = inputs.map((input) => (input instanceof Problem ? undefined : input.id));
  const ids = await invitationIds(c.env, c.var.db, caller.workspaceId, names);
  return inputs.map((input, index) => {
    if (input instanceof Problem) return input;
    const known = unlessRefused(() => ({
      expiresAt: expiryOf(input, zone, c.var.now),
      ...asked(input.touchpoint, input.survey ?? null),
    }));
    return known instanceof Problem ? known : draftOf(ids[index] ?? "", input, known);
  });
}

function draftOf(
  id: string,
  input: LinkInput,
  { survey, touchpointRef, expiresAt }: Pick<AskedSurvey, "survey" | "touchpointRef"> & { expiresAt: number },
): Draft {
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
      respondent: input.respondent === undefined ? null : canonicalSpelling(input.respondent),
      properties: input.properties ?? null,
      locale: input.locale ?? null,
      changeable: input.changeable ?? true,
      expiresAt,
    },
  };
}

/** Unix ms. Throws a 422 that names the field. */
function expiryOf(input: LinkInput, workspaceZone: string, now: number): number {
  const { expires_at: at, expires_on: on, time_zone: zone } = input;
  const check = (instant: number, field: string) => {
    if (instant > now && instant <= now + 365 * dayMs) return instant;
    throw Problem.field(field, "must lie within the next 365 days");
  };
  if (on === undefined) return check(at ?? now + 90 * dayMs, "/expires_at");
  const [year = 0, month = 0, day = 0] = on.split("-").map(Number);
  return check(startOfDate(zone ?? workspaceZone, year, month, day + 1), "/expires_on");
}

/** Stores the valid drafts together. Refused ones stay in their places. */
async function makeLinks(
  c: Context<App>,
  caller: Caller,
  drafts: readonly (Draft | Problem)[],
): Promise<(z.input<typeof Link> | Problem)[]> {
  const right = drafts.filter((draft): draft is Draft => !(draft instanceof Problem));
  const invitations = right.map(({ invitation }) => invitation);
  const named = right.flatMap(({ invitation: { id }, respondent }) =>
    respondent === undefined ? [] : [{ invitation: id, respondent }],
  );
  const spellings = await spellingsOf(c.env, caller.workspaceId, named);
  const [first, ...others] = invitations;
  const thing = first && others.length === 0 ? publicId(first.id) : caller.workspaceId;
  const act = actByHand(c, caller, "links.made", thing);
  const rows =
    right.length > 0
      ? await insertInvitations(c.var.db, caller.workspace, invitations, c.var.now, { spellings, act })
      : new Map<string, InvitationRow>();
  return Promise.all(
    drafts.map(async (draft) => {
      if (draft instanceof Problem) return draft;
      const row = rows.get(draft.invitation.id);
      return row && isSameLink(draft.invitation, row) ? linkJson(c, draft, row) : clash(row);
    }),
  );
}

/**
 * Whether the link that is stored under a name asks what was asked for, of the person who was named, and has not ended
 * before its time: a revoked one is handed out to nobody. `respondent` null: nobody was named.
 */
export const isSameLink = (
  wanted: Pick<InvitationRow, "surveyRef" | "touchpointRef" | "respondent">,
  row: InvitationRow,
): boolean =>
  row.revokedAt === null &&
  row.surveyRef === wanted.surveyRef &&
  row.touchpointRef === wanted.touchpointRef &&
  (wanted.respondent === null || isSamePerson(wanted.respondent, row.respondent));

export const clash = (row: InvitationRow | undefined) =>
  Problem.field(
    "/id",
    row && row.revokedAt !== null
      ? "is the name of a link that was revoked, or whose person was erased: use another name"
      : "is the name of a link to another survey, touchpoint or respondent",
  );

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
