import { type Bindings, mailsAMinute } from "./app.ts";
import { checkCounts, rowsADay } from "./check-counts.ts";
import { forgetAskings } from "./db/askings.ts";
import { settleBlocks } from "./db/blocks.ts";
import { breakdownsJob, continueBreakdowns } from "./db/breakdowns.ts";
import { dayMs, hourMs } from "./db/cells.ts";
import { forgetClicks } from "./db/clicks.ts";
import type { Database } from "./db/database.ts";
import { erasuresJob } from "./db/erasures.ts";
import { recipientsJob } from "./db/recipient-files.ts";
import { continueErasures } from "./erasure.ts";
import { deliver } from "./mail/deliver.ts";
import { continueFiles } from "./mail/recipient-files.ts";

/** Something that is done by the clock, in parts that fit into one invocation. */
export interface Job {
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
