import { dayMs, hourMs, minuteMs } from "../shared/time/durations.ts";
import { forgetAskings } from "./asking/db/askings.ts";
import { forgetEntries } from "./audit/db/entries.ts";
import type { Database } from "./db/database.ts";
import { claimJob, releaseJob } from "./db/due-jobs.ts";
import { type Bindings, mailsAMinute, openDatabase } from "./environment.ts";
import { continueErasures } from "./erasures/erasure.ts";
import { forgetClicks } from "./links/db/clicks.ts";
import { logError } from "./log.ts";
import { recipientsJob } from "./mail/db/recipient-files.ts";
import { deliver } from "./mail/deliver.ts";
import { continueFiles } from "./mail/recipient-files.ts";
import { forgetEnded } from "./members/db/sessions.ts";
import { erasuresJob } from "./people/db/erasures.ts";
import { settleBlocks } from "./rollup/blocks.ts";
import { breakdownsJob, continueBreakdowns } from "./rollup/breakdowns.ts";
import { checkCounts, rowsADay } from "./rollup/checks.ts";

/** A job that the clock starts. It runs in parts that each fit into one invocation. */
interface Job {
  /** Its name in `due_jobs`. */
  name: string;
  /** When the job is due again once it has nothing more to do. `wakeJob` makes it due earlier. */
  everyMs: number;
  /** Does a part. It ends while `db.left` suffices for what it must still write. True: there is more, due at once. */
  run(env: Bindings, db: Database, now: number): Promise<boolean>;
}

const touchpointsEachTime = 16;
const chunksEachTime = 8;
const rowsEachTime = 1000;

/** Has a trigger of its own, each minute: mails and other jobs must not wait for each other. It claims each mail. */
export const mails: Job = {
  name: "mails",
  everyMs: minuteMs,
  run: async (env, db) => {
    await deliver(env, db, mailsAMinute(env));
    return false;
  },
};

/** The other jobs. Each minute, the most overdue one runs. */
export const jobs: readonly Job[] = [
  {
    name: "blocks",
    everyMs: hourMs,
    run: async (_, db, now) => (await settleBlocks(db, now, touchpointsEachTime)) > 0,
  },
  { name: recipientsJob, everyMs: hourMs, run: continueFiles },
  { name: breakdownsJob, everyMs: hourMs, run: (_, db) => continueBreakdowns(db, chunksEachTime) },
  { name: erasuresJob, everyMs: hourMs, run: continueErasures },
  { name: "askings", everyMs: hourMs, run: (_, db, now) => forgetAskings(db, now, rowsEachTime) },
  { name: "clicks", everyMs: hourMs, run: (_, db, now) => forgetClicks(db, now, rowsEachTime) },
  { name: "audit", everyMs: hourMs, run: (_, db, now) => forgetEntries(db, now, rowsEachTime) },
  { name: "sign-ins", everyMs: hourMs, run: (_, db, now) => forgetEnded(db, now, rowsEachTime) },
  {
    name: "counts",
    everyMs: dayMs,
    run: async (_, db, now) => {
      await checkCounts(db, now, rowsADay);
      return false;
    },
  },
];

/** The same as in wrangler.toml. The other triggers run the other jobs. */
const mailTrigger = "* * * * *";
/** A failed job is tried again after at most this time. */
const afterFailureMs = 10 * minuteMs;

/** Runs one job. wrangler.toml says how often. */
export function scheduled({ cron }: ScheduledController, env: Bindings, context: ExecutionContext): void {
  const db = openDatabase(env);
  context.waitUntil(cron === mailTrigger ? run(mails, env, db, Date.now()) : runDue(env, db, Date.now()));
}

/** Runs the most overdue job. A concurrent invocation runs another one. */
async function runDue(env: Bindings, db: Database, now: number): Promise<void> {
  const claim = crypto.randomUUID();
  const name = await claimJob(
    db,
    jobs.map((job) => job.name),
    claim,
    now,
  );
  const job = jobs.find((one) => one.name === name);
  if (!job) return;
  let dueAt = now + Math.min(job.everyMs, afterFailureMs);
  try {
    const more = await run(job, env, db, now);
    dueAt = more ? Date.now() : now + job.everyMs;
  } finally {
    await releaseJob(db, claim, dueAt);
  }
}

async function run(job: Job, env: Bindings, db: Database, now: number): Promise<boolean> {
  try {
    return await job.run(env, db, now);
  } catch (error) {
    logError({ job: job.name }, error);
    throw error;
  } finally {
    const { statements, rowsRead: rows_read, rowsWritten: rows_written } = db;
    const line = { job: job.name, ms: Date.now() - now, statements, rows_read, rows_written };
    console.log(JSON.stringify(line));
  }
}
