import { dayMs, hourMs } from "../shared/time/durations.ts";
import { forgetAskings } from "./asking/db/askings.ts";
import type { Database } from "./db/database.ts";
import { claimJob, releaseJob } from "./db/due-jobs.ts";
import { type Bindings, mailsAMinute, openDatabase } from "./environment.ts";
import { continueErasures } from "./erasures/erasure.ts";
import { forgetClicks } from "./links/db/clicks.ts";
import { logError } from "./log.ts";
import { recipientsJob } from "./mail/db/recipient-files.ts";
import { deliver } from "./mail/deliver.ts";
import { continueFiles } from "./mail/recipient-files.ts";
import { erasuresJob } from "./people/db/erasures.ts";
import { settleBlocks } from "./rollup/blocks.ts";
import { breakdownsJob, continueBreakdowns } from "./rollup/breakdowns.ts";
import { checkCounts, rowsADay } from "./rollup/checks.ts";

/** Something that is done by the clock, in parts that fit into one invocation. */
interface Job {
  /** As `due_jobs` has it. */
  name: string;
  /** When it is due again after it had nothing more to do; `wakeJob` makes it due before. */
  everyMs: number;
  /** Does a part, and ends while `db.left` is enough for what it still has to write. True: there is more, due at once. */
  run(env: Bindings, db: Database, now: number): Promise<boolean>;
}

const touchpointsEachTime = 16;
const chunksEachTime = 8;
const rowsEachTime = 1000;

/** By a trigger of its own, each minute, so that mails neither wait for the others nor hold them up; it claims mail by mail. */
export const mails: Job = {
  name: "mails",
  everyMs: 60_000,
  run: async (env, db) => {
    await deliver(env, db, mailsAMinute(env));
    return false;
  },
};

/** Whatever else is due: the most overdue of them each minute. */
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
  {
    name: "counts",
    everyMs: dayMs,
    run: async (_, db, now) => {
      await checkCounts(db, now, rowsADay);
      return false;
    },
  },
];

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
