import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Database } from "../../db/database.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import type { Invented } from "../sample.ts";

export interface SampleRow {
  id: string;
  touchpoint: string;
  survey: string;
  kind: string;
}

/** The touchpoints of a workspace's sample, by name. */
export const listSamples = (db: Database, workspace: number): Promise<SampleRow[]> =>
  db.all(
    `SELECT touchpoints.id, touchpoints.name AS touchpoint, surveys.id AS survey, kind
     FROM touchpoints JOIN surveys ON surveys.ref = survey_ref
     WHERE touchpoints.workspace_ref = ?1 AND touchpoints.sample = 1 ORDER BY touchpoints.name`,
    workspace,
  );

/**
 * Adds a touchpoint of the sample with its survey and answers, in one transaction: it is there with all of them or not at
 * all. Where the name is taken, be it by somebody who loads at the same moment, nothing is added. Safe to repeat.
 */
export async function insertSample(
  db: Database,
  workspace: number,
  { touchpoint, survey, since, answers }: Invented,
  act: Act,
): Promise<void> {
  await db.ensure(installTriggers);
  await db.batch([
    {
      sql: `INSERT INTO surveys (workspace_ref, id, name, kind, scale_min, scale_max, subject, locale, created_at, sample)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'en', ?8, 1
        WHERE NOT EXISTS (SELECT 1 FROM touchpoints WHERE workspace_ref = ?1 AND name = ?9) ON CONFLICT (id) DO NOTHING`,
      values: [
        workspace,
        survey.id,
        survey.name,
        survey.kind,
        survey.min,
        survey.max,
        survey.subject,
        since,
        touchpoint.name,
      ],
    },
    {
      sql: `INSERT INTO touchpoints (workspace_ref, id, name, survey_ref, created_at, asked_since, sample)
        SELECT ?1, ?2, ?3, ref, ?4, ?4, 1 FROM surveys WHERE id = ?5 ON CONFLICT DO NOTHING`,
      values: [workspace, touchpoint.id, touchpoint.name, since, survey.id],
    },
    ...noteAct(act, {}, "EXISTS (SELECT 1 FROM touchpoints WHERE id = ?1)", [touchpoint.id]),
    {
      sql: `INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, comment, channel, properties, exclusion,
          revision, answered_at, received_at)
        SELECT workspace_ref, value->>'id', ref, survey_ref, value->>'rating', value->>'comment', value->>'channel', '{"sample":true}', '',
          0, value->>'answeredAt', value->>'answeredAt'
        FROM touchpoints CROSS JOIN json_each(?2) WHERE touchpoints.id = ?1 ON CONFLICT DO NOTHING`,
      values: [touchpoint.id, JSON.stringify(answers)],
    },
  ]);
}

const its = "(SELECT ref FROM touchpoints WHERE workspace_ref = ?1 AND id = ?2)";

/**
 * Removes a touchpoint of the sample with all that belongs to it, in one transaction. `first` and `last`: between them lie the
 * ids of its answers. Everything is found by public ids, since a `ref` that is free goes to the next row: safe to repeat.
 */
export async function removeSample(
  db: Database,
  workspace: number,
  { id, survey }: SampleRow,
  { first, last }: { first: string; last: string },
  act: Act,
): Promise<void> {
  await db.ensure(installTriggers);
  await db.batch([
    ...noteAct(act, {}, `EXISTS ${its}`, [workspace, id]),
    {
      sql: `DELETE FROM responses WHERE workspace_ref = ?1 AND id BETWEEN ?3 AND ?4 AND touchpoint_ref = ${its}`,
      values: [workspace, id, first, last],
    },
    // What the triggers have counted down to zero for each answer: nothing is left but empty rows.
    ...["rating_counts", "block_counts"].map((table) => ({
      sql: `DELETE FROM ${table} WHERE workspace_ref = ?1 AND touchpoint_ref = ${its}`,
      values: [workspace, id],
    })),
    { sql: `DELETE FROM sightings WHERE touchpoint_ref = ${its}`, values: [workspace, id] },
    { sql: "DELETE FROM touchpoints WHERE id = ?1", values: [id] },
    ...["former_steps", "survey_versions", "survey_drafts"].map((table) => ({
      sql: `DELETE FROM ${table} WHERE survey_ref = (SELECT ref FROM surveys WHERE id = ?1)`,
      values: [survey],
    })),
    { sql: "DELETE FROM surveys WHERE id = ?1", values: [survey] },
  ]);
}
