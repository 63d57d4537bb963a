import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { dayMs, hourMs, minuteMs } from "../../../shared/time/durations.ts";
import { type ClaimedMail, type MailResult, recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { putOff, readQueues } from "../../../worker/mail/db/queues.ts";
import { continueFiles } from "../../../worker/mail/recipient-files.ts";
import { turnOf, turnsOf } from "../../../worker/mail/turns.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  await setSender(null);
});

const setSender = (quiet: { from: number; to: number } | null) =>
  write("PATCH", "/v1/workspace", {
    mail: {
      from: { address: "feedback@shop.example", name: "Shop" },
      postal_address: "1 Main Street",
      quiet_hours: quiet,
    },
  });

const send = (path: string, sent: Sent = {}, d1?: D1Database) =>
  requestUnlimited(path, { key: workspace.write, ...sent }, d1);

/** Throws if the request is refused. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
async function write(method: string, path: string, json?: unknown): Promise<any> {
  const answer = await send(path, { method, ...(json !== undefined && { json }) });
  const text = await answer.text();
  expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(300);
  return text ? JSON.parse(text) : null;
}

const newCampaign = async (fields: object = {}): Promise<string> =>
  (await write("POST", "/v1/campaigns", { name: "autumn", touchpoint: "relationship", ...fields })).id;
const recipientsOf = (campaign: string) => `/v1/campaigns/${campaign}/recipients`;
const add = (campaign: string, emails: readonly string[], zone?: string) =>
  send(recipientsOf(campaign), {
    json: { recipients: emails.map((email) => ({ email, ...(zone && { time_zone: zone }) })) },
  });
const people = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}@shop.example`);

const sentNow = (mail: ClaimedMail, now: number): MailResult => ({
  mail,
  state: "sent",
  reason: null,
  dueAt: null,
  tried: true,
  sentAt: now,
  suppress: false,
  remindAt: mail.reminder === 0 && mail.remindAfterDays ? now + mail.remindAfterDays * dayMs : null,
});

/** The mails that a run at this time sends, at most `maxMails` per queue: each address's letters before its number. */
async function sentAt(now: number, maxMails = 1000): Promise<string[]> {
  const { waiting, openings } = turnsOf(await readQueues(workspace.db, now, 20), now);
  if (openings.length > 0) await putOff(workspace.db, openings, now);
  const sent: string[] = [];
  for (const one of waiting) {
    const next = { claim: crypto.randomUUID(), maxMails, turn: turnOf(one, now) };
    const mails = await recordAndClaim(workspace.db, [], next, now);
    await recordAndClaim(
      workspace.db,
      mails.map((mail) => sentNow(mail, now)),
      null,
      now,
    );
    sent.push(...mails.map(({ address }) => address.replace(/\d*@.*/, "")));
  }
  return sent;
}

test("a campaign runs, pauses, goes on and ends; its mails go one after the other at its rate", async () => {
  const campaign = await newCampaign({ mails_per_hour: 60 });
  await add(campaign, people("a", 3));
  const set = (state: string) => send(`/v1/campaigns/${campaign}`, { method: "PATCH", json: { state } });
  const now = Date.now() + 1000;
  expect(await sentAt(now)).toEqual([]);
  expect((await set("paused")).status).toBe(409);
  expect(await (await set("running")).json()).toMatchObject({
    state: "running",
    recipients: 3,
    mails: { waiting: 3 },
  });
  expect(await sentAt(now)).toHaveLength(1);
  expect(await sentAt(now + minuteMs - 2000)).toEqual([]);
  expect(await sentAt(now + minuteMs)).toHaveLength(1);
  expect((await add(campaign, people("d", 1))).status).toBe(409);
  await set("paused");
  expect(await sentAt(now + 2 * minuteMs)).toEqual([]);
  expect((await add(campaign, people("d", 3))).status).toBe(200);
  expect((await set("running")).status).toBe(200);
  expect((await set("running")).status).toBe(200);
  expect(await sentAt(Date.now() + 1000)).toHaveLength(1);
  const sent = (await write("GET", `/v1/campaigns/${campaign}`)).mails.sent;
  const { skipped, state, mails } = await (await set("cancelled")).json<Record<string, object>>();
  expect({ skipped, state, mails }).toMatchObject({
    skipped: { "campaign-over": 6 - sent },
    state: "cancelled",
    mails: { waiting: 0 },
  });
  expect(await sentAt(now + 2 * hourMs)).toEqual([]);
  const { data } = await write("GET", `/v1/invitations?campaign=${campaign}&state=skipped`);
  expect(data.map(({ mail }: { mail: { reason: string } }) => mail.reason)).toEqual(
    new Array(6 - sent).fill("campaign-over"),
  );
  expect((await set("running")).status).toBe(409);
  const list = await write("GET", "/v1/campaigns");
  expect(list.data.map(({ id }: { id: string }) => id)).toEqual([campaign]);
});

test("what was not sent by a campaign's end is skipped, and goes on where the end is put off", async () => {
  const end = Date.now() + hourMs;
  const campaign = await newCampaign({ ends_at: new Date(end).toISOString(), mails_per_hour: 60 });
  await add(campaign, people("a", 3));
  await write("PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  expect(await sentAt(Date.now() + 1000)).toEqual(["a"]);
  expect(await sentAt(end)).toEqual([]);
  await env.DB.exec("UPDATE campaigns SET ends_at = 1");
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({
    state: "done",
    mails: { sent: 1, waiting: 0, skipped: 2 },
    skipped: { "campaign-over": 2 },
  });
  await write("PATCH", `/v1/campaigns/${campaign}`, { ends_at: null });
  expect(await sentAt(Date.now() + minuteMs)).toEqual(["a"]);
});

test("who is added while somebody starts the campaign is asked too", async () => {
  const campaign = await newCampaign();
  const bytes = new TextEncoder().encode(`email\n${people("r", 1500).join("\n")}`);
  const start = () => send(`/v1/campaigns/${campaign}`, { method: "PATCH", json: { state: "running" } });
  let part = 0;
  const body = new ReadableStream(
    {
      async pull(controller) {
        part += 1;
        if (part === 1) controller.enqueue(bytes.slice(0, 25_000));
        else {
          // The campaign starts while the file is still arriving.
          expect((await start()).status).toBe(200);
          controller.enqueue(bytes.slice(25_000));
          controller.close();
        }
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { "content-type": "text/csv; charset=utf-8" };
  expect(await (await send(recipientsOf(campaign), { body, headers })).json()).toMatchObject({
    added: 1000,
    pending: 500,
  });
  while (await continueFiles({ ...env, RECIPIENTS_A_MINUTE: "1000" }, workspace.db, Date.now()));
  expect(await sentAt(Date.now() + 1000, 2000)).toHaveLength(1500);
});

test("who is added to a campaign that runs waits for its start and its turn", async () => {
  const campaign = await newCampaign({ starts_at: "2027-06-01T00:00:00Z", mails_per_hour: 1 });
  await add(campaign, ["first@shop.example"]);
  await write("PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await env.DB.exec("UPDATE campaigns SET state = 'paused'");
  // Another request starts the campaign after its state was read and before the insertion.
  const started = new WatchedDatabase(env.DB, async (run, statements) => {
    if (statements.some(({ sql }) => sql.startsWith("INSERT INTO mails")))
      await env.DB.exec("UPDATE campaigns SET state = 'running'");
    return run();
  });
  const json = { recipients: [{ email: "late@shop.example" }, { email: "later@shop.example" }] };
  await send(recipientsOf(campaign), { json }, started);
  const start = Date.parse("2027-06-01T00:00:00Z");
  const sent: string[][] = [];
  for (const hours of [-1, 0, 0.5, 1, 1.5, 2, 3]) sent.push(await sentAt(start + hours * hourMs));
  expect(sent.map(({ length }) => length)).toEqual([0, 1, 0, 1, 0, 1, 0]);
  expect(sent.flat().sort()).toEqual(["first", "late", "later"]);
});

test("of two changes of a campaign at once one is told that it came too late, and the mails follow the other", async () => {
  const campaign = await newCampaign();
  await add(campaign, ["a@shop.example"]);
  const set = (json: object, d1?: D1Database) =>
    send(`/v1/campaigns/${campaign}`, { method: "PATCH", json }, d1);
  await set({ state: "running" });
  const racing = (meanwhile: object) => {
    let isFirst = true;
    return new WatchedDatabase(env.DB, async (run, statements) => {
      if (isFirst && statements.some(({ sql }) => sql.startsWith("UPDATE campaigns"))) {
        isFirst = false;
        expect((await set(meanwhile)).status).toBe(200);
      }
      return run();
    });
  };
  expect((await set({ name: "renamed" }, racing({ state: "paused" }))).status).toBe(200);
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({ state: "paused", name: "renamed" });
  expect((await set({ state: "running" }, racing({ state: "cancelled" }))).status).toBe(409);
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({
    state: "cancelled",
    mails: { skipped: 1 },
  });
});

test("a cancellation beside a pause, a resumption or a start ends the campaign, whichever comes first", async () => {
  for (const { before, beside } of [
    { before: ["running"], beside: "paused" },
    { before: ["running", "paused"], beside: "running" },
    { before: [], beside: "running" },
  ])
    for (let round = 0; round < 25; round += 1) {
      const campaign = await newCampaign();
      const set = (state: string, d1?: D1Database) =>
        send(`/v1/campaigns/${campaign}`, { method: "PATCH", json: { state } }, d1);
      for (const state of before) await set(state);
      // In every other round the other change is written between the cancellation's reading and its writing.
      const meanwhile = new WatchedDatabase(env.DB, async (run, statements) => {
        if (statements.some(({ sql }) => sql.startsWith("UPDATE campaigns")))
          expect((await set(beside)).status).toBe(200);
        return run();
      });
      const what = `${beside} after ${before}, round ${round}`;
      if (round % 2 === 0) expect((await set("cancelled", meanwhile)).status, what).toBe(200);
      else {
        const [cancelled, other] = await Promise.all([set("cancelled"), set(beside)]);
        expect(cancelled.status, what).toBe(200);
        expect([200, 409], what).toContain(other.status);
      }
      expect(await write("GET", `/v1/campaigns/${campaign}`), what).toMatchObject({ state: "cancelled" });
    }
});

test("a state that a campaign has already is reached again from what somebody else makes of it meanwhile", async () => {
  const campaign = await newCampaign();
  await add(campaign, ["a@shop.example"]);
  const set = (state: string, d1?: D1Database) =>
    send(`/v1/campaigns/${campaign}`, { method: "PATCH", json: { state } }, d1);
  await set("running");
  const paused = new WatchedDatabase(env.DB, async (run, statements) => {
    if (statements.some(({ sql }) => sql.startsWith("UPDATE campaigns"))) await set("paused");
    return run();
  });
  expect((await set("running", paused)).status).toBe(200);
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({ state: "running" });
});

test("a night in five zones is written nowhere, and in the morning each zone goes on at the campaign's rate", async () => {
  // Quiet hours are from 21 to 8. It is night in every zone but the last, where it is day.
  const night = Date.parse("2026-11-26T00:00:00Z");
  await setSender({ from: 21, to: 8 });
  const quiet = ["Etc/UTC", "Europe/Berlin", "Africa/Nairobi", "Asia/Kathmandu", "America/Sao_Paulo"];
  const campaign = await newCampaign({ mails_per_hour: 60 });
  for (const zone of quiet)
    await add(
      campaign,
      people("night", 40).map((email) => zone.replace("/", "") + email),
      zone,
    );
  await add(campaign, people("day", 3), "Pacific/Auckland");
  await write("PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await env.DB.exec(`UPDATE campaigns SET paced_to = ${night}`);
  const sent: string[] = [];
  for (let minute = 0; minute < 5; minute += 1) sent.push(...(await sentAt(night + minute * minuteMs)));
  expect(sent).toEqual(["day", "day", "day"]);
  const morning = Date.parse("2026-11-26T02:15:00Z");
  // Only Kathmandu's mails, where it is 8 then, and only at the campaign's rate, not all that the night left over.
  expect(await sentAt(morning - minuteMs)).toEqual([]);
  const first = await sentAt(morning);
  expect(new Set(first)).toEqual(new Set(["AsiaKathmandunight"]));
  expect(first.length).toBeLessThanOrEqual(6);
  expect(await sentAt(morning + minuteMs)).toEqual(["AsiaKathmandunight"]);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM mails WHERE due_at IS NOT NULL").first("n")).toBe(0);
});

test("a reminder waits for its day and for its campaign, whatever the campaign's rate is", async () => {
  const campaign = await newCampaign({ mails_per_hour: 60, remind_after_days: 2 });
  await add(campaign, people("a", 6));
  await write("PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  const now = Date.now();
  await env.DB.exec(`UPDATE campaigns SET paced_to = ${now - 10 * minuteMs}`);
  expect(await sentAt(now)).toHaveLength(6);
  expect(await sentAt(now + 2 * dayMs - 1)).toEqual([]);
  await write("PATCH", `/v1/campaigns/${campaign}`, { state: "paused" });
  expect(await sentAt(now + 2 * dayMs)).toEqual([]);
  await write("PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  expect(await sentAt(now + 2 * dayMs)).toHaveLength(6);
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({
    state: "done",
    mails: { sent: 6 },
    reminders: { sent: 6 },
  });
});
