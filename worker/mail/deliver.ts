import { minuteMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import type { Bindings } from "../environment.ts";
import { logError } from "../log.ts";
import { attempt, inDoubt, type Worded, waits } from "./attempt.ts";
import { backOffMs } from "./back-off.ts";
import { doubtAbandoned } from "./db/claims.ts";
import { type MailerRow, readMailer, writeMailer } from "./db/mailer.ts";
import { endTurns, putOff, readQueues } from "./db/queues.ts";
import { Pool } from "./pool.ts";
import { driverOf, openMailer } from "./transport/open.ts";
import { turnsOf } from "./turns.ts";

const senders = 4;
/** No invocation of a worker lives longer, so an older claim has no owner any more. */
const leaseMs = 15 * minuteMs;
/** Campaigns that one run looks at. */
const maxCampaigns = 20;

/** Sends what is due, at most `maxMails`. A concurrent run sends other mails. */
export async function deliver(env: Bindings, db: Database, maxMails: number): Promise<void> {
  if (!driverOf(env)) return;
  const began = Date.now();
  await doubtAbandoned(db, began - leaseMs);
  const before = await readMailer(db);
  if (before.heldUntil > began) return;
  const { waiting, openings } = turnsOf(await readQueues(db, began, maxCampaigns), began);
  if (openings.length > 0) await putOff(db, openings, began);
  const pool = new Pool(db, maxMails, waiting);
  const worded: Worded = new Map();
  // Every sender ends on its own, so that what one has sent is recorded even if another fails.
  const ended = await Promise.allSettled(Array.from({ length: senders }, () => send(env, pool, worded)));
  await pool.finish();
  // If all were served, they keep their turns, since none has to wait.
  if (pool.waiting.length > 0 && pool.served.size > 0) await endTurns(db, [...pool.served], began);
  const after = mailerAfter(pool, before);
  if (after) await writeMailer(db, after);
  if (pool.hold || Object.keys(pool.states).length > 0) {
    const { statements, rowsRead: rows_read, rowsWritten: rows_written } = db;
    const line = { mails: pool.states, held: pool.hold?.is ?? null, ms: Date.now() - began };
    console.log(JSON.stringify({ ...line, statements, rows_read, rows_written }));
  }
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/** One sender. Over its own connection, it sends what the pool has, until the pool is empty. */
async function send(env: Bindings, pool: Pool, worded: Worded): Promise<void> {
  const mailer = openMailer(env);
  if (!mailer) return;
  try {
    for (let mails = await pool.next(); mails; mails = await pool.next()) {
      for (const mail of mails) {
        const now = Date.now();
        const { result, hold } = pool.hold
          ? { result: waits(mail, now, null), hold: null }
          : await attempt(env, worded, mailer, mail).catch((error) => {
              logError({ invitation: mail.invitation }, error);
              return { result: inDoubt(mail), hold: null };
            });
        pool.note(result, hold);
        // For the clocks of a further mail to the same person.
        if (result.sentAt !== null || result.state === "in_doubt")
          for (const other of mails) other.askings.push([mail.id, now]);
      }
    }
  } finally {
    await mailer.close();
  }
}

/** What to record about the provider; null: nothing new. */
function mailerAfter({ hold, states }: Pool, before: MailerRow): MailerRow | null {
  if (hold)
    return {
      heldUntil:
        Date.now() +
        ((hold.is === "later" ? hold.afterMs : null) ?? backOffMs(states.sent ? 0 : before.failures)),
      // Something was sent before this failure, so the back-off begins anew.
      failures: states.sent ? 1 : before.failures + 1,
      fault: hold.is === "broken" ? hold.fault : null,
      // Every workspace sees it, and must not see the addresses of another's recipients.
      answer: hold.reason.replace(/[^\s<>]+@[^\s<>]+/g, "…"),
    };
  return states.sent && before.failures > 0 ? { heldUntil: 0, failures: 0, fault: null, answer: null } : null;
}
