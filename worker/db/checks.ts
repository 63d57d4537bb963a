import { dayMs } from "./cells.ts";
import type { Database } from "./database.ts";
import { beginning, type Place } from "./recount.ts";

/** A day's comparison of a part of the roll-up with the responses. */
export interface CountCheck {
  begunAt: number;
  shards: number;
  /** Counters that differed. */
  differing: number;
  repaired: number;
}

/** null: there was none yet. */
export const lastCheck = (db: Database): Promise<CountCheck | null> =>
  db.first(
    "SELECT begun_at AS begunAt, shards, differing, repaired FROM count_checks ORDER BY ref DESC LIMIT 1",
  );

/** Begins the check of this day where the last one ended. null: it was begun already. */
export async function beginCheck(db: Database, now: number): Promise<(Place & { ref: number }) | null> {
  return db.first(
    `INSERT INTO count_checks (begun_at, next_workspace_ref, next_day)
     SELECT ?1, COALESCE(last.next_workspace_ref, ?2), COALESCE(last.next_day, ?3)
     FROM (SELECT 1) LEFT JOIN (SELECT * FROM count_checks ORDER BY ref DESC LIMIT 1) AS last
     WHERE COALESCE(last.begun_at, 0) <= ?1 - ${dayMs}
     RETURNING ref, next_workspace_ref AS workspace, next_day AS day`,
    ...[now, beginning.workspace, beginning.day],
  );
}

/** Keeps how far a check has come, and from where the next one goes on. */
export async function recordCheck(
  db: Database,
  ref: number,
  { shards, differing, repaired }: Omit<CountCheck, "begunAt">,
  next: Place,
): Promise<void> {
  await db.all(
    `UPDATE count_checks SET shards = ?2, differing = ?3, repaired = ?4, next_workspace_ref = ?5, next_day = ?6 WHERE ref = ?1`,
    ...[ref, shards, differing, repaired, next.workspace, next.day],
  );
}
