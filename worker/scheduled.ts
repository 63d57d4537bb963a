import { type Bindings, openDatabase } from "./app.ts";
import type { Database } from "./db/database.ts";
import { claimJob, releaseJob } from "./db/due-jobs.ts";
import { type Job, jobs, mails } from "./jobs.ts";
import { logError } from "./log.ts";

/** As in wrangler.toml; the others run what else is due. */
const mailTrigger = "* * * * *";
/** When a job that failed is tried again at the latest. */
const afterFailureMs = 10 * 60_000;

/** One job an invocation: wrangler.toml says how often. */
export function scheduled({ cron }: ScheduledController, env: Bindings, context: ExecutionContext): void {
  const db = openDatabase(env);
  context.waitUntil(cron === mailTrigger ? run(mails, env, db, Date.now()) : runDue(env, db, Date.now()));
}

/** Runs the most overdue job; whoever runs one at the same time runs another. */
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
