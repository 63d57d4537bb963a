import { hourMs } from "../../../shared/time/durations.ts";
import type { Database } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";

/** Origins that are kept of a touchpoint. */
export const mostOrigins = 50;
/** A sighting is renewed this long after the last one, and not before. */
export const renewedMs = hourMs;

/** An origin on which pages asked for a touchpoint, and when (unix ms). */
interface Sighting {
  origin: string;
  firstSeenAt: number;
  lastSeenAt: number;
}

/** Of a touchpoint, the latest first. */
export const findSightings = (db: Database, touchpointRef: number): Promise<Sighting[]> =>
  db.all(
    `SELECT origin, first_seen_at AS firstSeenAt, last_seen_at AS lastSeenAt FROM sightings
     WHERE touchpoint_ref = ?1 ORDER BY last_seen_at DESC, origin`,
    touchpointRef,
  );

/** A touchpoint, and when pages of which origin were last seen to ask for it (unix ms). */
export interface SeenPlace {
  touchpointRef: number;
  lastSeen: Map<string, number>;
}

/** Of the touchpoints of these names that are in use, whether or not they ask a survey. */
export async function findSeenPlaces(
  db: Database,
  workspace: number,
  touchpoints: readonly string[],
): Promise<SeenPlace[]> {
  const rows = await db.all<{ touchpointRef: number; lastSeen: Json<Record<string, number>> }>(
    `SELECT ref AS touchpointRef,
       (SELECT json_group_object(origin, last_seen_at) FROM sightings WHERE touchpoint_ref = ref) AS lastSeen
     FROM json_each(?2) AS named CROSS JOIN touchpoints ON workspace_ref = ?1 AND name = named.value
     WHERE archived_at IS NULL`,
    workspace,
    JSON.stringify(touchpoints),
  );
  return rows.map(({ touchpointRef, lastSeen }) => ({
    touchpointRef,
    lastSeen: new Map(Object.entries(fromJson(lastSeen))),
  }));
}

/** An origin that gives its place to another, as it was last known. */
export type Replaced = readonly [touchpointRef: number, origin: string, lastSeenAt: number];

/**
 * Notes an origin at touchpoints, once those went that it replaces and that nobody has seen since. Whatever other isolates
 * write meanwhile, a touchpoint keeps so many and an origin is renewed once an hour. Safe to repeat.
 */
export async function saveSightings(
  db: Database,
  origin: string,
  touchpointRefs: readonly number[],
  replaced: readonly Replaced[],
  now: number,
): Promise<void> {
  const remove = `DELETE FROM sightings WHERE (touchpoint_ref, origin, last_seen_at) IN
    (SELECT value->>0, value->>1, value->>2 FROM json_each(?1))`;
  const note = `INSERT INTO sightings (touchpoint_ref, origin, first_seen_at, last_seen_at)
    SELECT place.value, ?2, ?3, ?3 FROM json_each(?1) AS place
    WHERE (SELECT COUNT(*) FROM sightings WHERE touchpoint_ref = place.value AND origin <> ?2) < ${mostOrigins}
    ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at
      WHERE last_seen_at <= excluded.last_seen_at - ${renewedMs}`;
  await db.batch([
    ...(replaced.length > 0 ? [{ sql: remove, values: [JSON.stringify(replaced)] }] : []),
    { sql: note, values: [JSON.stringify(touchpointRefs), origin, now] },
  ]);
}
