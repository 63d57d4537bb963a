import type { Bindings } from "./app.ts";
import { forgetAskings } from "./db/askings.ts";
import { settleBlocks } from "./db/blocks.ts";
import { continueBreakdowns } from "./db/breakdowns.ts";
import { beginCheck, recordCheck } from "./db/checks.ts";
import { forgetClicks } from "./db/clicks.ts";
import { Database } from "./db/database.ts";
import { after, beginning, differences, nextShard, type Place, repairShard } from "./db/recount.ts";
import { deliver } from "./mail/deliver.ts";

// Together at most the 50 queries that an invocation of the free plan has.
const touchpointsEachTime = 4;
const chunksEachTime = 4;
const shardsEachDay = 3;
const responsesInShard = 50_000;
const askingsEachTime = 1000;
const clicksEachTime = 1000;

/**
 * Once a day compares the next shards of the roll-up with the responses, and repairs what differs. A shard that could not
 * be repaired is where the next day begins.
 */
async function checkCounts(db: Database, now: number): Promise<void> {
  const begun = await beginCheck(db, now);
  if (!begun) return;
  const check = { shards: 0, differing: 0, repaired: 0 };
  let place: Place = begun;
  while (check.shards < shardsEachDay) {
    let shard = await nextShard(db, place, responsesInShard);
    // Past the last one it begins anew, but no shard twice a day.
    if (!shard && check.shards === 0) shard = await nextShard(db, beginning, responsesInShard);
    if (!shard) break;
    const [found] = await differences(db, shard);
    check.shards += 1;
    if (found) {
      check.differing += found.total;
      console.error(JSON.stringify({ check: "counts", ...shard, differing: found.total }));
      await recordCheck(db, begun.ref, check, place);
      await repairShard(db, shard);
      check.repaired = check.differing;
    }
    place = after(shard);
    await recordCheck(db, begun.ref, check, place);
  }
  console.log(
    JSON.stringify({ check: "counts", ...check, rows_read: db.rowsRead, rows_written: db.rowsWritten }),
  );
}

/** Mails that go out in a minute: what 50 questions to the database are enough for. */
const mailsEachMinute = 30;
/** As in wrangler.toml. By itself, so that mails do not share their 50 queries with anything. */
const everyMinute = "* * * * *";

/** wrangler.toml says how often. */
export function scheduled({ cron }: ScheduledController, env: Bindings, context: ExecutionContext): void {
  if (cron === everyMinute) {
    context.waitUntil(deliver(env, Number(env.MAILS_A_MINUTE ?? mailsEachMinute)));
    return;
  }
  context.waitUntil(settleBlocks(new Database(env.DB), Date.now(), touchpointsEachTime));
  context.waitUntil(continueBreakdowns(new Database(env.DB), chunksEachTime));
  context.waitUntil(forgetAskings(new Database(env.DB), Date.now(), askingsEachTime));
  context.waitUntil(forgetClicks(new Database(env.DB), Date.now(), clicksEachTime));
  context.waitUntil(checkCounts(new Database(env.DB), Date.now()));
}
