import type { Bindings } from "./app.ts";
import { continueBreakdowns } from "./db/breakdowns.ts";
import { beginCheck, recordCheck } from "./db/checks.ts";
import { Database } from "./db/database.ts";
import { after, beginning, differences, nextShard, repairShard } from "./db/recount.ts";

// Together at most 46 of the 50 queries that an invocation of the free plan has.
const chunksEachTime = 6;
const shardsEachDay = 4;
const responsesInShard = 50_000;

/**
 * Once a day compares the next shards of the roll-up with the responses, and repairs what differs. A shard that could not
 * be repaired is where the next day begins.
 */
async function checkCounts(db: Database, now: number): Promise<void> {
  const begun = await beginCheck(db, now);
  if (!begun) return;
  const check = { shards: 0, differing: 0, repaired: 0 };
  let place = begun;
  while (check.shards < shardsEachDay) {
    const shard = await nextShard(db, place, responsesInShard);
    if (!shard) {
      await recordCheck(db, begun.ref, check, beginning);
      break;
    }
    const [found] = await differences(db, shard);
    check.shards += 1;
    if (found) {
      check.differing += found.total;
      console.error(JSON.stringify({ check: "counts", ...shard, differing: found.total }));
      await recordCheck(db, begun.ref, check, place);
      await repairShard(db, shard);
      check.repaired = check.differing;
    }
    place = { ...begun, ...after(shard) };
    await recordCheck(db, begun.ref, check, place);
  }
  console.log(
    JSON.stringify({ check: "counts", ...check, rows_read: db.rowsRead, rows_written: db.rowsWritten }),
  );
}

/** Every few minutes: wrangler.toml says how often. */
export function scheduled(_: ScheduledController, env: Bindings, context: ExecutionContext): void {
  context.waitUntil(continueBreakdowns(new Database(env.DB), chunksEachTime));
  context.waitUntil(checkCounts(new Database(env.DB), Date.now()));
}
