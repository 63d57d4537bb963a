import type { MailState } from "../../shared/contract/sends.ts";
import type { Bindings } from "../app.ts";
import { type Database, DatabaseBusy } from "../db/database.ts";
import {
  doubtAbandoned,
  type MailerRow,
  type MailResult,
  readMailer,
  recordAndClaim,
  writeMailer,
} from "../db/mails.ts";
import { logError } from "../log.ts";
import { attempt, type Hold, inDoubt, type Worded, waits } from "./attempt.ts";
import { later, minuteMs } from "./back-off.ts";
import { driverOf, openMailer } from "./mailer.ts";

/**
 * Mails that one sender has claimed at a time: a kill leaves so many of each sender in doubt at most, and every claim costs
 * the database one question.
 */
const claimSize = 5;
const senders = 4;
/** No invocation of a worker lives longer: whoever claimed a mail before is gone. */
const leaseMs = 15 * minuteMs;
/** ms between the tries to write down what became of mails: given up, they would be in doubt. */
const recordDelays = [1000, 5000, 20_000];

/** What the senders of one run share. */
interface Run {
  env: Bindings;
  db: Database;
  /** Mails that may still be claimed. */
  left: number;
  /** Why nothing more is sent; null: go on. */
  hold: Hold | null;
  worded: Worded;
  states: Partial<Record<MailState, number>>;
}

/** Sends what is due, at most so many mails. Whoever runs it at the same time sends others. */
export async function deliver(env: Bindings, db: Database, most: number): Promise<void> {
  if (!driverOf(env)) return;
  const began = Date.now();
  await doubtAbandoned(db, began - leaseMs);
  const before = await readMailer(db);
  if (before.heldUntil > began) return;
  const run: Run = { env, db, left: most, hold: null, worded: new Map(), states: {} };
  // Each to its end, so that what one has sent is written down though another fails.
  const ended = await Promise.allSettled(Array.from({ length: senders }, () => send(run)));
  const after = mailerAfter(run, before);
  if (after) await writeMailer(db, after);
  if (run.hold || Object.keys(run.states).length > 0) {
    const { statements, rowsRead: rows_read, rowsWritten: rows_written } = db;
    const line = { mails: run.states, held: run.hold?.is ?? null, ms: Date.now() - began };
    console.log(JSON.stringify({ ...line, statements, rows_read, rows_written }));
  }
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/** One sender: over a connection of its own it sends what it claims, and claims again, until nothing is left. */
async function send(run: Run): Promise<void> {
  const { env, db, worded, states } = run;
  const mailer = openMailer(env);
  if (!mailer) return;
  let done: { claim: string; results: MailResult[] } | null = null;
  try {
    for (;;) {
      const most: number = run.hold ? 0 : Math.min(claimSize, run.left);
      run.left -= most;
      const claim = crypto.randomUUID();
      const now = Date.now();
      const mails = await stubbornly(() => recordAndClaim(db, done, most > 0 ? { claim, most } : null, now));
      if (mails.length === 0) return;
      const results: MailResult[] = [];
      for (const mail of mails) {
        const { result, hold } = run.hold
          ? { result: waits(mail, now, null), hold: null }
          : await attempt(env, worded, mailer, mail).catch((error) => {
              logError({ invitation: mail.invitation }, error);
              return { result: inDoubt(mail), hold: null };
            });
        run.hold ??= hold;
        results.push(result);
        states[result.state] = (states[result.state] ?? 0) + 1;
        // For the clocks, if another of these mails is to the same person.
        if (result.sentAt !== null || result.state === "in_doubt")
          for (const other of mails) if (other.person === mail.person) other.askings.push([mail.id, now]);
      }
      done = { claim, results };
    }
  } finally {
    await mailer.close();
  }
}

async function stubbornly<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (const delay of recordDelays) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DatabaseBusy)) throw error;
      await scheduler.wait(delay);
    }
  }
  return ask();
}

/** What there is to note about the provider; null: nothing new. */
function mailerAfter({ hold, states }: Run, before: MailerRow): MailerRow | null {
  if (hold)
    return {
      heldUntil:
        Date.now() +
        ((hold.is === "later" ? hold.afterMs : null) ?? later(states.sent ? 0 : before.failures)),
      // Something went through before: the wait begins anew.
      failures: states.sent ? 1 : before.failures + 1,
      fault: hold.is === "broken" ? hold.fault : null,
      // Every workspace sees it: whom one of them has written to is not for the others.
      answer: hold.reason.replace(/[^\s<>]+@[^\s<>]+/g, "…"),
    };
  return states.sent && before.failures > 0 ? { heldUntil: 0, failures: 0, fault: null, answer: null } : null;
}
