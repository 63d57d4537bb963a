import type { Context, Hono } from "hono";
import type * as z from "zod";
import { PageQuery, pageOf } from "../../../shared/contract/fields.ts";
import {
  Campaign,
  CampaignInput,
  CampaignPatch,
  mailStates,
  RecipientsInput,
  RecipientsResult,
  type SkipReason,
} from "../../../shared/contract/mail/sends.ts";
import { answeredAt } from "../../asking/offered.ts";
import { actOf } from "../../audit/act.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull, list } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { type CampaignCount, countMails } from "../../rollup/campaign-counts.ts";
import { newId } from "../../secrets/ids.ts";
import {
  type CampaignRow,
  findCampaign,
  insertCampaign,
  listCampaigns,
  updateCampaign,
} from "../db/campaigns.ts";
import { type FileProgress, listFiles } from "../db/recipient-files.ts";
import { readFiles, takeCsv, takeList } from "../recipient-files.ts";
import { storedErrors } from "../recipient-rows.ts";
import { requireSender, templateNamed } from "../recipients.ts";
import { transitions } from "../transitions.ts";

/** Campaigns with their progress. */
async function campaignsJson(
  c: Context<App>,
  rows: readonly CampaignRow[],
): Promise<z.input<typeof Campaign>[]> {
  const refs = rows.map(({ ref }) => ref);
  const [counts, files] =
    refs.length > 0 ? await Promise.all([countMails(c.var.db, refs), listFiles(c.var.db, refs)]) : [[], []];
  return rows.map((row) => {
    // Mails that wait in a campaign that is over count as skipped; their rows are not updated one by one.
    const isOver = row.state === "cancelled" || (row.endsAt ?? c.var.now + 1) <= c.var.now;
    const own = counts.flatMap((count): CampaignCount[] => {
      if (count.campaign !== row.ref) return [];
      return [
        isOver && count.state === "waiting" ? { ...count, state: "skipped", reason: "campaign-over" } : count,
      ];
    });
    return oneJson(
      row,
      own,
      files.filter(({ campaign }) => campaign === row.ref),
    );
  });
}

/** A campaign with its progress. */
export async function campaignJson(c: Context<App>, row: CampaignRow): Promise<z.input<typeof Campaign>> {
  const [one] = await campaignsJson(c, [row]);
  return orNotFound(one);
}

const pendingOf = ({ state, lines, readRows }: FileProgress) =>
  state === "read" ? 0 : Math.max(lines - readRows, 1);

const uploadJson = (file: FileProgress): z.input<typeof RecipientsResult> => ({
  added: file.added,
  duplicates: file.duplicates,
  refused: file.refused,
  errors: storedErrors(file.errors),
  pending: pendingOf(file),
  problem: file.problem,
});

/** `files`: newest first. */
function oneJson(
  row: CampaignRow,
  counted: readonly CampaignCount[],
  files: readonly FileProgress[],
): z.input<typeof Campaign> {
  const countsOf = (reminder: number) => {
    const some = counted.filter((group) => group.reminder === reminder);
    const sum = (state: string) =>
      some.reduce((n, group) => n + (group.state === state ? group.mails : 0), 0);
    return Object.fromEntries(mailStates.map((state) => [state, sum(state)])) as z.input<
      typeof Campaign
    >["mails"];
  };
  const [mails, reminders] = [countsOf(0), countsOf(1)];
  const first = counted.filter(({ reminder }) => reminder === 0);
  const pending = files.reduce((sum, file) => sum + pendingOf(file), 0);
  const open = mails.waiting + mails.sending + reminders.waiting + reminders.sending + pending;
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const { reason, mails: n } of first) if (reason) skipped[reason] = (skipped[reason] ?? 0) + n;
  return {
    id: row.id,
    name: row.name,
    state: row.state === "running" && open === 0 ? "done" : row.state,
    touchpoint: row.touchpoint,
    survey: row.survey,
    template: row.template,
    template_version: row.templateVersion,
    starts_at: instantOrNull(row.startsAt),
    ends_at: instantOrNull(row.endsAt),
    mails_per_hour: row.mailsPerHour,
    remind_after_days: row.remindAfterDays,
    created_at: new Date(row.createdAt).toISOString(),
    recipients: first.reduce((sum, { mails: n }) => sum + n, 0),
    answered: row.answered,
    mails,
    reminders,
    skipped,
    recipients_pending: pending,
    upload: files[0] ? uploadJson(files[0]) : null,
  };
}

export function campaignRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/campaigns",
      access: "read",
      summary: "List campaigns, oldest first",
      query: PageQuery,
      answers: { 200: { description: "A page of campaigns", schema: pageOf(Campaign) } },
    },
    async ({ c, caller, query }) => {
      const listing = { prefix: "cmp", read: listCampaigns, toJson: (row: CampaignRow) => row } as const;
      const { data, next_cursor } = await list(c, caller, query, listing);
      return json(c, { data: await campaignsJson(c, data), next_cursor });
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/campaigns",
      access: "write",
      summary: "Make a campaign: one survey by mail to many. It sends nothing until it is set running",
      body: CampaignInput,
      answers: { 201: { description: "The campaign, a draft", schema: Campaign } },
    },
    async ({ c, caller, body }) => {
      const { starts_at: startsAt = null, ends_at: endsAt = null } = body;
      if (endsAt !== null && endsAt <= Math.max(startsAt ?? 0, c.var.now))
        throw Problem.field("/ends_at", "must lie after the start");
      await requireSender(c, caller);
      const asked = await answeredAt(c, caller, body.touchpoint, body.survey ?? null);
      const id = newId("cmp");
      const campaign = {
        id,
        name: body.name,
        touchpointRef: asked.touchpointRef,
        surveyRef: asked.survey.ref,
        templateRef: (await templateNamed(c, caller, body.template))?.ref ?? null,
        startsAt,
        endsAt,
        mailsPerHour: body.mails_per_hour ?? null,
        remindAfterDays: body.remind_after_days ?? null,
        createdAt: c.var.now,
      };
      await insertCampaign(c.var.db, caller.workspace, campaign, actOf(c, caller, "campaign.created", id));
      return json(c, await campaignJson(c, await found(c, caller, id)), 201);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/campaigns/:campaign",
      access: "read",
      summary: "Read a campaign with its progress; each recipient is in GET /v1/invitations?campaign=…",
      answers: { 200: { description: "The campaign", schema: Campaign } },
    },
    async ({ c, caller, param }) => json(c, await campaignJson(c, await found(c, caller, param("campaign")))),
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/campaigns/:campaign",
      access: "write",
      summary: "Set a campaign running, pause or cancel it, or change its name, end or rate",
      body: CampaignPatch,
      answers: { 200: { description: "The changed campaign", schema: Campaign } },
    },
    async ({ c, caller, param, body }) => {
      const row = await found(c, caller, param("campaign"));
      const { name, ends_at: endsAt, mails_per_hour: mailsPerHour } = body;
      const state = body.state && { to: body.state, from: transitions[body.state] };
      if (state && state.to !== row.state && !state.from.includes(row.state))
        throw new Problem("conflict", { detail: `A campaign that is ${row.state} cannot be ${state.to}` });
      if (state?.to === "running") await requireSender(c, caller);
      const change = { state, name, endsAt, mailsPerHour };
      const act = actOf(c, caller, "campaign.changed", row.id);
      const changed = await updateCampaign(c.var.db, row, change, c.var.now, act);
      if (!changed)
        throw new Problem("conflict", { detail: "Somebody else changed its state at the same time" });
      return json(c, await campaignJson(c, changed));
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/campaigns/:campaign/recipients",
      access: "write",
      summary:
        "Add recipients to a campaign that does not run, as JSON or text/csv; an address is added once. What does not fit into one request is read on each minute",
      body: RecipientsInput,
      upload: "text/csv",
      answers: {
        200: {
          description: "How many so far, what was wrong with others, and how many rows are still to be read",
          schema: RecipientsResult,
        },
      },
    },
    async ({ c, caller, param, body, upload }) => {
      const row = await found(c, caller, param("campaign"));
      if (row.state !== "draft" && row.state !== "paused")
        throw new Problem("conflict", { detail: `The campaign is ${row.state}: pause it first` });
      const file = upload
        ? await takeCsv(c, caller, row, upload)
        : await takeList(c, caller, row, body.recipients);
      await readFiles(c.env, c.var.db, c.var.now, file);
      const { upload: result } = await campaignJson(c, row);
      if (!result) throw new Problem("internal-error");
      if (result.problem !== null)
        throw new Problem("invalid-input", {
          detail: `${result.problem}; of the rows before it ${result.added} were added`,
        });
      return json(c, result satisfies z.input<typeof RecipientsResult>);
    },
  );
}

const found = async (c: Context<App>, caller: Caller, id: string): Promise<CampaignRow> =>
  orNotFound(await findCampaign(c.var.db, caller.workspace, id));
