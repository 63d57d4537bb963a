import { minuteMs } from "../../shared/time/durations.ts";
import type { Database, Statement } from "./database.ts";

/** No invocation of a worker lives longer, so an older claim has no owner any more. */
const leaseMs = 15 * minuteMs;

/** Makes a job due. If it is running, it will run again. Safe to repeat. */
export const wakeJob = (name: string, now: number): Statement => ({
  sql: "INSERT INTO due_jobs (name, due_at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET due_at = ?2",
  values: [name, now],
});

/** Claims the most overdue of these jobs, so that nobody else runs it. A new job is due at once. null: none is due. */
export async function claimJob(
  db: Database,
  names: readonly string[],
  claim: string,
  now: number,
): Promise<string | null> {
  const [, , claimed] = await db.batch<{ name: string }>([
    {
      sql: "INSERT INTO due_jobs (name, due_at) SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
      values: [JSON.stringify(names), now],
    },
    {
      // A repeat must not claim a second job.
      sql: `UPDATE due_jobs SET claim = ?2, claimed_at = ?3, due_at = NULL
        WHERE name = (SELECT name FROM due_jobs WHERE name IN (SELECT value FROM json_each(?1))
            AND IIF(claim IS NULL, due_at <= ?3, claimed_at <= ?3 - ${leaseMs})
          ORDER BY COALESCE(due_at, claimed_at), name LIMIT 1)
        AND NOT EXISTS (SELECT 1 FROM due_jobs WHERE claim = ?2)`,
      values: [JSON.stringify(names), claim, now],
    },
    { sql: "SELECT name FROM due_jobs WHERE claim = ?1", values: [claim] },
  ]);
  return claimed?.[0]?.name ?? null;
}

/** Releases the job of this claim. It is due at `dueAt`, or at the time when it was woken meanwhile. */
export async function releaseJob(db: Database, claim: string, dueAt: number): Promise<void> {
  await db.all(
    "UPDATE due_jobs SET due_at = COALESCE(due_at, ?2), claim = NULL, claimed_at = NULL WHERE claim = ?1",
    claim,
    dueAt,
  );
}
