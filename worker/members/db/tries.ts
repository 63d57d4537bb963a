import { minuteMs } from "../../../shared/time/durations.ts";
import type { Database } from "../../db/database.ts";

/** Counts a try of a network, and answers how many it has made in the minute that began with the first of them. */
export async function countTry(db: Database, network: string, now: number): Promise<number> {
  const row = await db.first<{ tries: number }>(
    `INSERT INTO sign_in_tries (network, tries, ends_at) VALUES (?1, 1, ?3)
     ON CONFLICT DO UPDATE SET tries = IIF(ends_at > ?2, tries + 1, 1), ends_at = IIF(ends_at > ?2, ends_at, ?3)
     RETURNING tries`,
    network,
    now,
    now + minuteMs,
  );
  return row?.tries ?? 1;
}
