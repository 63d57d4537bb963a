import { beginCheck, recordCheck } from "./db/checks.ts";
import type { Database } from "./db/database.ts";
import { after, beginning, differences, nextShard, type Place, repairShard } from "./db/recount.ts";

/** A tenth of the rows that the free plan has a day. */
export const rowsADay = 500_000;
/** 4 to 40 rows each, by its breakdowns. */
const responsesInShard = 4000;
/** Of a shard that differs, and of giving the job back. */
const statementsOfShard = 8;

/**
 * Once a day compares the next shards of the roll-up with the responses, and repairs what differs, as many as about so many
 * rows are enough for. A shard that could not be repaired is where the next day begins.
 */
export async function checkCounts(db: Database, now: number, rows: number): Promise<void> {
  const begun = await beginCheck(db, now);
  if (!begun) return;
  const check = { shards: 0, differing: 0, repaired: 0 };
  let place: Place = begun;
  let dearest = 0;
  while (db.left >= statementsOfShard && db.rowsRead + dearest < rows) {
    const before = db.rowsRead;
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
    dearest = Math.max(dearest, db.rowsRead - before);
    await recordCheck(db, begun.ref, check, place);
  }
  console.log(JSON.stringify({ check: "counts", ...check }));
}
