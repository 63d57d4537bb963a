import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { Database } from "../../../worker/db/database.ts";
import { type MailResult, recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { putOff, readQueues } from "../../../worker/mail/db/queues.ts";
import { deliver } from "../../../worker/mail/deliver.ts";
import { turnOf, turnsOf } from "../../../worker/mail/turns.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

/** D1's cost of invitations, mails and campaigns must not depend on how many there are. */

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { key: workspace.write, method: "PATCH", json: { mail } });
});

let filled = 0;
beforeEach(() => {
  filled = 0;
});

/** Fills this workspace up to `until` invitations by link. */
async function fillInvitations(until: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE numbers(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
     INSERT INTO invitations (id, workspace_ref, touchpoint_ref, survey_ref, response, channel, respondent, changeable,
       created_at, expires_at)
     SELECT printf('%012d', n), ?3, 1, 1, printf('response %d', n), 'link', printf('person %d', n), 1, n, 4000000000000
     FROM numbers`,
  )
    .bind(filled, until, workspace.ref)
    .run();
  filled = until;
}

/** The rows that D1 bills for a request. */
async function costOf(path: string, sent: Sent): Promise<{ read: number; written: number }> {
  const cost = { read: 0, written: 0 };
  const counting = new WatchedDatabase(env.DB, async (run) => {
    const results = await run();
    for (const { meta } of [results].flat() as D1Result[]) {
      cost.read += meta.rows_read;
      cost.written += meta.rows_written;
    }
    return results;
  });
  const answer = await requestUnlimited(path, sent, counting);
  expect(answer.ok, await answer.text()).toBe(true);
  return cost;
}
const rowsRead = async (path: string, sent: Sent) => (await costOf(path, sent)).read;

test("a link, and a single mail, cost as many rows read among 20,000 invitations as among 2,000, at most ten a link", async () => {
  const links = (count: number) =>
    rowsRead("/v1/links", {
      key: workspace.write,
      json: {
        links: Array.from({ length: count }, () => ({ touchpoint: "relationship", respondent: "ann" })),
      },
    });
  const send = () =>
    rowsRead("/v1/sends", {
      key: workspace.write,
      json: { touchpoint: "checkout", email: `${crypto.randomUUID()}@shop.example` },
    });
  const costs = async () => ({ one: await links(1), hundred: await links(100), send: await send() });
  // The first run fills the cache of what is asked where.
  await costs();
  await fillInvitations(2000);
  const first = await costs();
  await fillInvitations(20_000);
  expect(await costs()).toEqual(first);
  expect(first.hundred).toBeLessThanOrEqual(1000);
});

/** Fills a campaign with recipients `from` to `until`, spread over the zones. */
async function fillCampaign(ref: number, from: number, until: number, zones: readonly (string | null)[]) {
  const numbers =
    "WITH RECURSIVE numbers(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)";
  const id = "printf('c%05d%06d', ?3, n)";
  await env.DB.batch([
    env.DB.prepare(
      `${numbers} INSERT INTO mails (invitation, reminder, workspace_ref, campaign_ref, origin, address, time_zone, person, state)
       SELECT ${id}, 0, ?4, ?3, 'http://candor.test', printf('r%d@shop.example', n), ?5 ->> (n % json_array_length(?5)),
         printf('person %d %d', ?3, n), 'waiting' FROM numbers`,
    ).bind(from, until, ref, workspace.ref, JSON.stringify(zones)),
    env.DB.prepare(
      `${numbers} INSERT INTO invitations (id, workspace_ref, touchpoint_ref, survey_ref, response, channel, respondent,
         changeable, created_at, expires_at)
       SELECT ${id}, ?4, touchpoint_ref, survey_ref, printf('00000000-0000-8000-8000-%05d%07d', ?3, n), 'email',
         printf('r%d@shop.example', n), 1, n, 4000000000000 FROM numbers JOIN campaigns ON ref = ?3`,
    ).bind(from, until, ref, workspace.ref),
  ]);
}

/** Makes a campaign. */
async function newCampaign(fields: object = {}): Promise<{ id: string; ref: number }> {
  const json = { name: "autumn", touchpoint: "relationship", ...fields };
  const made = await requestUnlimited("/v1/campaigns", { key: workspace.write, json });
  const { id } = await made.json<{ id: string }>();
  const ref = await env.DB.prepare("SELECT ref FROM campaigns WHERE id = ?").bind(id).first<number>("ref");
  return { id, ref: ref ?? 0 };
}

test("a campaign of 20,000 is started, paused, gone on with and cancelled at the cost of a few rows", async () => {
  const { id, ref } = await newCampaign({ mails_per_hour: 500 });
  await fillCampaign(ref, 0, 20_000, [null, "Asia/Tokyo"]);
  for (const state of ["running", "paused", "running", "cancelled"]) {
    const sent = { key: workspace.write, method: "PATCH", json: { state } };
    const { read, written } = await costOf(`/v1/campaigns/${id}`, sent);
    expect([state, read < 100, written < 10]).toEqual([state, true, true]);
  }
});

test("a campaign's progress, and a list of campaigns, cost as many rows read with 20,000 recipients as with 2,000", async () => {
  const { id, ref } = await newCampaign();
  const cost = async (path: string) => (await costOf(path, { key: workspace.read })).read;
  const costs = async () => [await cost(`/v1/campaigns/${id}`), await cost("/v1/campaigns")];
  await fillCampaign(ref, 0, 2000, [null]);
  const first = await costs();
  await fillCampaign(ref, 2000, 20_000, [null]);
  expect(await costs()).toEqual(first);
  expect(Math.max(...first)).toBeLessThan(50);
});

const zones = (count: number) => Intl.supportedValuesOf("timeZone").slice(0, count);

/** The rows that a run of at most twenty mails reads and writes. */
async function costOfRun(now: number): Promise<{ read: number; written: number; sent: number }> {
  const db = new Database(env.DB);
  const { waiting, openings } = turnsOf(await readQueues(db, now, 20), now);
  await putOff(db, openings, now);
  const [first] = waiting;
  if (!first) throw new Error("nothing is due");
  const next = { claim: crypto.randomUUID(), maxMails: 20, turn: turnOf(first, now) };
  const mails = await recordAndClaim(db, [], next, now);
  const results = mails.map(
    (mail): MailResult => ({
      mail,
      state: "sent",
      reason: null,
      dueAt: null,
      tried: true,
      sentAt: now,
      remindAt: null,
      suppress: false,
    }),
  );
  await recordAndClaim(db, results, null, now);
  return { read: db.rowsRead, written: db.rowsWritten, sent: mails.length };
}

test("a run of mails costs as much with 20,000 that wait in 39 zones as with 2,000", async () => {
  const { id, ref } = await newCampaign({ mails_per_hour: 100_000 });
  await fillCampaign(ref, 0, 2000, zones(39));
  const json = { state: "running" };
  await requestUnlimited(`/v1/campaigns/${id}`, { key: workspace.write, method: "PATCH", json });
  const sender = "json_set(mail, '$.quiet_hours', NULL)";
  await env.DB.exec(`UPDATE workspaces SET mail = ${sender}`);
  const now = Date.now() + 5000;
  await costOfRun(now);
  const first = await costOfRun(now);
  expect(first.sent).toBe(20);
  await fillCampaign(ref, 2000, 20_000, zones(39));
  const later = await costOfRun(now);
  expect({ ...later, read: 0 }).toEqual({ ...first, read: 0 });
  expect(Math.abs(later.read - first.read)).toBeLessThanOrEqual(20);
  expect(first.read).toBeLessThan(1200);
});

test("mails of 39 zones where it is night cost a run as many statements as those of one, and below 50", async () => {
  // Quiet all day except for one hour.
  const mail = {
    from: { address: "feedback@shop.example", name: "Shop" },
    postal_address: "1 Main Street",
    quiet_hours: { from: 0, to: 23 },
  };
  await requestUnlimited("/v1/workspace", { key: workspace.write, method: "PATCH", json: { mail } });
  const statements: number[] = [];
  for (const count of [1, 39]) {
    const { id, ref } = await newCampaign();
    await fillCampaign(ref, 0, 400, zones(count));
    const json = { state: "running" };
    await requestUnlimited(`/v1/campaigns/${id}`, { key: workspace.write, method: "PATCH", json });
    const db = new Database(env.DB);
    await deliver({ ...env, MAIL_URL: "smtp://127.0.0.1:9?tls=none" }, db, 30);
    statements.push(db.statements);
    await requestUnlimited(`/v1/campaigns/${id}`, {
      key: workspace.write,
      method: "PATCH",
      json: { state: "paused" },
    });
  }
  expect(statements[1]).toBeLessThan(30);
});

test("a list of invitations looks at so many rows for a page, whatever is looked for among however many", async () => {
  const queries = ["state=expired", "state=answered", "touchpoint=nowhere", "limit=50"];
  const search = { key: workspace.read, json: { respondent: "person 7" } };
  const costs = async () => {
    const read: Record<string, number> = {};
    for (const query of queries)
      read[query] = await rowsRead(`/v1/invitations?${query}`, { key: workspace.read });
    read.respondent = await rowsRead("/v1/invitations/search", search);
    return read;
  };
  await fillInvitations(2000);
  const first = await costs();
  await fillInvitations(20_000);
  expect(await costs()).toEqual(first);
  expect(Math.max(...Object.values(first))).toBeLessThan(5000);
  expect(first.respondent).toBeLessThan(50);
});

test("a list of invitations, walked to its end, has each that is looked for once", async () => {
  await fillInvitations(2000);
  await env.DB.exec("UPDATE invitations SET expires_at = 1 WHERE created_at % 700 = 3");
  const found: string[] = [];
  let pages = 0;
  for (let cursor = ""; ; pages += 1) {
    const path = `/v1/invitations?state=expired&limit=2${cursor && `&cursor=${cursor}`}`;
    const answer = await requestUnlimited(path, { key: workspace.read });
    const page = await answer.json<{ data: { respondent: string }[]; next_cursor: string | null }>();
    found.push(...page.data.map(({ respondent }) => respondent));
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(found).toEqual(["person 1403", "person 703", "person 3"]);
  expect(pages).toBeLessThan(8);
});
