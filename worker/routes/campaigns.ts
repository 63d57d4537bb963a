import type { Context, Hono } from "hono";
import type * as z from "zod";
import { canonicalPerson } from "../../shared/addresses.ts";
import { PageQuery, pageOf } from "../../shared/contract/fields.ts";
import {
  Campaign,
  CampaignInput,
  CampaignPatch,
  mailStates,
  RecipientsInput,
  RecipientsResult,
  type SkipReason,
} from "../../shared/contract/sends.ts";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { csvRows } from "../csv.ts";
import { type CampaignCount, countMails } from "../db/campaign-counts.ts";
import {
  type CampaignRow,
  findCampaign,
  insertCampaign,
  listCampaigns,
  updateCampaign,
} from "../db/campaigns.ts";
import { dayMs } from "../db/cells.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { json } from "../json.ts";
import {
  type Invited,
  invite,
  readRecipient,
  recipientReader,
  sendingWorkspace,
  templateNamed,
} from "../mail/recipients.ts";
import { type FieldError, Problem } from "../problem.ts";
import { answeredAt } from "./asked.ts";
import { instantOrNull, pageBody } from "./page.ts";

/** Campaigns with their progress. */
async function campaignsJson(
  c: Context<App>,
  rows: readonly CampaignRow[],
): Promise<z.input<typeof Campaign>[]> {
  const refs = rows.map(({ ref }) => ref);
  const counts = refs.length > 0 ? await countMails(c.var.db, refs) : [];
  return rows.map((row) => {
    // What waits in one that is over is skipped, and nobody writes that down for each.
    const isOver = row.state === "cancelled" || (row.endsAt ?? c.var.now + 1) <= c.var.now;
    const own = counts.flatMap((count): CampaignCount[] => {
      if (count.campaign !== row.ref) return [];
      return [
        isOver && count.state === "waiting" ? { ...count, state: "skipped", reason: "campaign-over" } : count,
      ];
    });
    return oneJson(row, own);
  });
}

/** A campaign with its progress. */
export async function campaignJson(c: Context<App>, row: CampaignRow): Promise<z.input<typeof Campaign>> {
  const [one] = await campaignsJson(c, [row]);
  if (!one) throw new Problem("not-found");
  return one;
}

function oneJson(row: CampaignRow, counted: readonly CampaignCount[]): z.input<typeof Campaign> {
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
  const open = mails.waiting + mails.sending + reminders.waiting + reminders.sending;
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
    ...{ mails, reminders, skipped },
  };
}

/** From which states a campaign gets into another one. */
const ways: Record<string, readonly CampaignRow["state"][]> = {
  running: ["draft", "paused"],
  paused: ["running"],
  cancelled: ["draft", "running", "paused"],
};

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
    async ({ c, caller, query: { limit, cursor } }) => {
      const rows = await listCampaigns(c.var.db, caller.workspace, cursor ?? "", limit + 1);
      const { data, next_cursor } = pageBody(
        rows,
        limit,
        (row) => row,
        ({ id }) => id,
      );
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
      await sendingWorkspace(c, caller);
      const asked = await answeredAt(c, caller, body.touchpoint, body.survey ?? null);
      const id = newId("cmp");
      await insertCampaign(c.var.db, caller.workspace, {
        ...{ id, name: body.name, touchpointRef: asked.touchpointRef, surveyRef: asked.survey.ref },
        templateRef: (await templateNamed(c, caller, body.template))?.ref ?? null,
        ...{ startsAt, endsAt, mailsPerHour: body.mails_per_hour ?? null },
        ...{ remindAfterDays: body.remind_after_days ?? null, createdAt: c.var.now },
      });
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
      const { state, name, ends_at: endsAt, mails_per_hour: mailsPerHour } = body;
      if (state && state !== row.state && !ways[state]?.includes(row.state))
        throw new Problem("conflict", { detail: `A campaign that is ${row.state} cannot be ${state}` });
      if (state === "running") await sendingWorkspace(c, caller);
      const changed = await updateCampaign(c.var.db, row, { state, name, endsAt, mailsPerHour }, c.var.now);
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
        "Add recipients to a campaign that does not run, as JSON or text/csv; an address is added once",
      body: RecipientsInput,
      upload: "text/csv",
      answers: {
        200: { description: "How many, and what was wrong with the others", schema: RecipientsResult },
      },
    },
    async ({ c, caller, param, body, upload }) => {
      const row = await found(c, caller, param("campaign"));
      if (row.state !== "draft" && row.state !== "paused")
        throw new Problem("conflict", { detail: `The campaign is ${row.state}: pause it first` });
      const adding = new Adding(c, caller, row);
      if (upload) await addRows(adding, upload);
      else await adding.add(body.recipients);
      return json(c, adding.result satisfies z.input<typeof RecipientsResult>);
    },
  );
}

/** Rows of one statement, and letters of their JSON: what D1 binds must stay below 2 MB, at three bytes a letter. */
const rowsAtOnce = 1000;
const lettersAtOnce = 400_000;
const mostErrors = 100;
/** Of one file, so that the questions to the database that an invocation has are enough for it. */
const mostRows = 100_000;

/** Adds recipients to a campaign, and counts what became of them. */
export class Adding {
  readonly result: z.input<typeof RecipientsResult> = { added: 0, duplicates: 0, refused: 0, errors: [] };
  readonly #c: Context<App>;
  readonly #caller: Caller;
  readonly #campaign: CampaignRow;
  readonly #seen = new Set<string>();
  /** That were looked at. */
  rows = 0;

  constructor(c: Context<App>, caller: Caller, campaign: CampaignRow) {
    this.#c = c;
    this.#caller = caller;
    this.#campaign = campaign;
  }

  async add(given: readonly unknown[]): Promise<void> {
    const { ref, id, touchpointRef, surveyRef, templateRef, startsAt, endsAt } = this.#campaign;
    const { now } = this.#c.var;
    const invited: Invited[] = [];
    for (const one of given) {
      this.rows += 1;
      if (this.rows > mostRows)
        throw new Problem("invalid-input", {
          detail: `A file has at most ${mostRows} rows; of the first, ${this.result.added} were added`,
        });
      const recipient = readRecipient(one);
      if (Array.isArray(recipient)) this.#refuse(recipient);
      else {
        const key = canonicalPerson(recipient.email);
        if (this.#seen.has(key)) this.result.duplicates += 1;
        // By the campaign and the address: whoever is added twice, or by a request that is repeated, is one recipient.
        else invited.push({ recipient, name: `${id} ${key}` });
        this.#seen.add(key);
      }
    }
    if (invited.length === 0) return;
    const sending = {
      ...{ touchpointRef, surveyRef, templateRef, campaignRef: ref, changeable: true, dueAt: null },
      expiresAt: Math.max(now, startsAt ?? 0, endsAt ?? 0) + 90 * dayMs,
    };
    const rows = await invite(this.#c, this.#caller, sending, invited);
    const added = rows.filter((row) => row?.createdAt === now).length;
    this.result.added += added;
    this.result.duplicates += rows.length - added;
  }

  #refuse(errors: FieldError[]): void {
    this.result.refused += 1;
    if (this.result.errors.length < mostErrors) this.result.errors.push({ row: this.rows, errors });
  }
}

async function addRows(adding: Adding, upload: ReadableStream<Uint8Array>): Promise<void> {
  let read: ReturnType<typeof recipientReader> | undefined;
  let waiting: unknown[] = [];
  let letters = 0;
  const flush = async () => {
    await adding.add(waiting);
    waiting = [];
    letters = 0;
  };
  try {
    for await (const rows of csvRows(upload)) {
      for (const row of rows) {
        if (!read) {
          read = recipientReader(row);
          continue;
        }
        const recipient = read(row);
        waiting.push(recipient);
        letters += JSON.stringify(recipient).length;
        if (waiting.length >= rowsAtOnce || letters >= lettersAtOnce) await flush();
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem("invalid-input", {
      detail: `After row ${adding.rows + waiting.length} ${error.message}; of the rows before it ${adding.result.added} were added`,
    });
  }
  await flush();
}

async function found(c: Context<App>, caller: Caller, id: string): Promise<CampaignRow> {
  const row = await findCampaign(c.var.db, caller.workspace, id);
  if (!row) throw new Problem("not-found");
  return row;
}
