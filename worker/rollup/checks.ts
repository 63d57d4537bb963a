import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { after, beginning, differences, nextShard, type Place, repairShard } from "./recount.ts";

/** A day's comparison of a part of the roll-up with the responses. */
export interface CountCheck {
  begunAt: number;
  shards: number;
  /** Counters that were wrong. */
  differing: number;
  repaired: number;
}

/** null: there was none yet. */
export const lastCheck = (db: Database): Promise<CountCheck | null> =>
  db.first(
    "SELECT begun_at AS begunAt, shards, differing, repaired FROM count_checks ORDER BY ref DESC LIMIT 1",
  );

/** Begins today's check where the last one ended. null: it has already begun. */
async function beginCheck(db: Database, now: number): Promise<(Place & { ref: number }) | null> {
  return db.first(
    `INSERT INTO count_checks (begun_at, next_workspace_ref, next_day)
     SELECT ?1, COALESCE(last.next_workspace_ref, ?2), COALESCE(last.next_day, ?3)
     FROM (SELECT 1) LEFT JOIN (SELECT * FROM count_checks ORDER BY ref DESC LIMIT 1) AS last
     WHERE COALESCE(last.begun_at, 0) <= ?1 - ${dayMs}
     RETURNING ref, next_workspace_ref AS workspace, next_day AS day`,
    now,
    beginning.workspace,
    beginning.day,
  );
}

/** Records how far a check has come, and where the next one continues. */
async function recordCheck(
  db: Database,
  ref: number,
  { shards, differing, repaired }: Omit<CountCheck, "begunAt">,
  next: Place,
): Promise<void> {
  await db.all(
    `UPDATE count_checks SET shards = ?2, differing = ?3, repaired = ?4, next_workspace_ref = ?5, next_day = ?6 WHERE ref = ?1`,
    ref,
    shards,
    differing,
    repaired,
    next.workspace,
    next.day,
  );
}

/** A tenth of the rows that the free plan allows a day. */
export const rowsADay = 500_000;
/** Each response costs 4 to 40 rows, depending on its breakdowns. */
const responsesInShard = 4000;
/** For a shard that differs, and for releasing the job. */
const statementsOfShard = 8;

/**
 * Compares, once a day, the next shards of the roll-up with the responses, and repairs differences, until about `rows`
 * rows are read. If a shard could not be repaired, the next day begins there.
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
    // After the last shard it starts over, but reads no shard twice a day.
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
