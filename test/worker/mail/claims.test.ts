import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { Database, DatabaseBusy } from "../../../worker/db/database.ts";
import { type MailResult, recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { isWrite, WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";

/** Four of ten writes fail, half of them after the commit, so that only their answer is lost. */
function failing() {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const faults = { before: 0, after: 0 };
  const lost = new Error("D1_ERROR: Network connection lost.");
  const d1 = new WatchedDatabase(env.DB, async (run, statements) => {
    const luck = isWrite(statements) ? random() : 1;
    if (luck < 0.2) {
      faults.before += 1;
      throw lost;
    }
    const result = await run();
    if (luck < 0.4) {
      faults.after += 1;
      throw lost;
    }
    return result;
  });
  return { d1, faults };
}

test("each mail has one sender, and what became of it is written once, whatever answers of the database are lost", async () => {
  const { write } = await newWorkspace();
  const call = (method: string, path: string, json: object) =>
    requestUnlimited(path, { key: write, method, json });
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await call("PATCH", "/v1/workspace", { mail });
  const made = await call("POST", "/v1/campaigns", {
    name: "autumn",
    touchpoint: "relationship",
    remind_after_days: 1,
  });
  const { id } = await made.json<{ id: string }>();
  const recipients = Array.from({ length: 120 }, (_, n) => ({ email: `r${n}@shop.example` }));
  await call("POST", `/v1/campaigns/${id}/recipients`, { recipients });
  await call("PATCH", `/v1/campaigns/${id}`, { state: "running" });

  const turn = await env.DB.prepare("SELECT ref AS campaign FROM campaigns")
    .first<{ campaign: number }>()
    .then((row) => ({ campaign: row?.campaign ?? 0, isPaced: false, firsts: [""], reminders: [""] }));
  const { d1, faults } = failing();
  const sent: string[] = [];
  const now = Date.now();
  const until = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    for (;;)
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof DatabaseBusy)) throw error;
      }
  };
  const sender = async () => {
    let done: MailResult[] = [];
    for (;;) {
      const claim = crypto.randomUUID();
      const next = { claim, maxMails: 5, turn };
      const mails = await until(() => recordAndClaim(new Database(d1), done, next, now));
      if (mails.length === 0) return;
      sent.push(...mails.map(({ address }) => address));
      done = mails.map(
        (mail): MailResult => ({
          mail,
          state: "sent",
          reason: null,
          dueAt: null,
          tried: true,
          sentAt: now,
          remindAt: now + dayMs,
          suppress: false,
        }),
      );
    }
  };
  await Promise.all([sender(), sender(), sender()]);

  expect([sent.length, new Set(sent).size]).toEqual([120, 120]);
  const count = (sql: string) => env.DB.prepare(sql).first<number>("n");
  const { results: counts } = await env.DB.prepare(
    "SELECT reminder, state, mails FROM campaign_counts WHERE mails > 0 ORDER BY reminder",
  ).all();
  expect(counts).toEqual([
    { reminder: 0, state: "sent", mails: 120 },
    { reminder: 1, state: "waiting", mails: 120 },
  ]);
  const first =
    "SELECT COUNT(*) AS n FROM mails WHERE reminder = 0 AND state = 'sent' AND attempts = 1 AND claim IS NULL";
  expect(await count(first)).toBe(120);
  expect(await count("SELECT COUNT(*) AS n FROM mails WHERE reminder = 1 AND state = 'waiting'")).toBe(120);
  expect(await count("SELECT COUNT(*) AS n FROM mails")).toBe(240);
  expect(await count("SELECT COUNT(*) AS n FROM askings")).toBe(120);
  expect(faults.before).toBeGreaterThan(5);
  expect(faults.after).toBeGreaterThan(5);
});
