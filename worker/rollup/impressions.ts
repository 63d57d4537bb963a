import { dayMs, hourMs, quarterMs } from "../../shared/time/durations.ts";
import type { Database, Statement } from "../db/database.ts";
import { cutBins, hoursAt, maxHours, quartersPerHour, type Run, runsOf, type Use } from "./bin-ranges.ts";
import { type CountQuestion, common, filters, hourColumns } from "./count-sql.ts";

/** An impression: a survey that was shown to somebody now (unix ms). */
interface Impression {
  workspace: number;
  touchpointRef: number;
  surveyRef: number;
  channel: string;
  now: number;
}

/** The path of a quarter-hour's counter within `quarters`. In a new row it is the only one. */
const added = "(SELECT fullkey FROM json_tree(excluded.quarters) WHERE type = 'integer')";
const countRows = `
INSERT INTO impression_counts (workspace_ref, touchpoint_ref, day, survey_ref, channel, seen, quarters)
SELECT value->>'workspace', value->>'touchpointRef', value->>'day', value->>'surveyRef', value->>'channel', value->>'seen',
  jsonb_set('{}', value->>'path', value->>'seen') FROM json_each(?1) WHERE true
ON CONFLICT DO UPDATE SET seen = seen + excluded.seen,
  quarters = jsonb_set(quarters, ${added}, COALESCE(quarters ->> ${added}, 0) + excluded.seen)`;

function cellOf({ workspace, touchpointRef, surveyRef, channel, now }: Impression) {
  const day = Math.floor(now / dayMs);
  const hour = Math.floor((now % dayMs) / hourMs);
  const quarter = Math.floor((now % hourMs) / quarterMs);
  return { workspace, touchpointRef, day, surveyRef, channel, path: `$."${hour}"."${quarter}"` };
}

/** Adds the impressions to their cells. Not safe to repeat. */
export function countImpressions(impressions: readonly Impression[]): Statement {
  const cells = Map.groupBy(impressions, (one) => JSON.stringify(cellOf(one)));
  const rows = [...cells].map(([cell, seen]) => ({ ...JSON.parse(cell), seen: seen.length }));
  return { sql: countRows, values: [JSON.stringify(rows)] };
}

/** Impressions of one bin, touchpoint, survey and channel, with the names of `CountRow`. */
export interface SeenRow {
  bin: number;
  touchpoint: number;
  survey: number;
  channel: string;
  seen: number;
}

interface SeenDay extends Omit<SeenRow, "bin">, Record<`hour${number}`, string | null> {
  day: number;
}

const names = ({ byTouchpoint }: CountQuestion) =>
  `${byTouchpoint ? "touchpoint_ref" : "0"} AS touchpoint, survey_ref AS survey, channel`;
const cells = `json_each(?5) AS ranges CROSS JOIN json_each(?2) AS named CROSS JOIN impression_counts AS counts
  ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = named.value`;

/** Impressions by bin; null where a bin does not begin and end on quarter-hours, the finest unit that is kept. */
export async function seenOf(
  db: Database,
  workspace: number,
  question: CountQuestion,
): Promise<SeenRow[] | null> {
  const ranges = cutBins(question.bins);
  if (ranges.rests.length > 0) return null;
  const runs = runsOf(ranges);
  const parts: Statement[] = [
    {
      sql: `SELECT ranges.value ->> 0 AS bin, ${names(question)}, SUM(seen) AS seen
        FROM ${cells} AND day >= ranges.value ->> 1 AND day < ranges.value ->> 2 WHERE ${filters} GROUP BY 1, 2, 3, 4`,
      values: common(
        workspace,
        question,
        ranges.days.map(({ bin, from, to }) => [bin, from, to]),
      ),
    },
    {
      sql: `SELECT day, ${names(question)}, SUM(seen) AS seen${hourColumns(maxHours(runs))}
        FROM ${cells} AND day >= ranges.value ->> 0 AND day < ranges.value ->> 1 WHERE ${filters} GROUP BY 1, 2, 3, 4`,
      values: common(
        workspace,
        question,
        runs.map((run) => [run.from, run.to, ...run.hours]),
      ),
    },
  ];
  const [whole = [], cutRows = []] = await db.batch<SeenRow & SeenDay>(parts);
  return [...whole, ...cutRows.flatMap((row) => seenOfDay(row, ranges.cutDays.get(row.day) ?? [], runs))];
}

function seenOfDay(row: SeenDay, uses: readonly Use[], runs: readonly Run[]): SeenRow[] {
  const { day, touchpoint, survey, channel } = row;
  const quarters = new Map<number, number>();
  for (const [n, hour] of hoursAt(runs, day).entries()) {
    const cells: Record<string, number>[] = JSON.parse(`[${row[`hour${n}`] ?? ""}]`);
    for (const [quarter, seen] of cells.flatMap((cell) => Object.entries(cell))) {
      const key = hour * quartersPerHour + Number(quarter);
      quarters.set(key, (quarters.get(key) ?? 0) + seen);
    }
  }
  return uses.map(({ bin, whole, parts }) => {
    const within = parts.map(({ sign, from, to }) => {
      const inside = [...quarters].filter(([quarter]) => quarter >= from && quarter < to);
      return sign * inside.reduce((sum, [, seen]) => sum + seen, 0);
    });
    const seen = within.reduce((sum, part) => sum + part, whole ? row.seen : 0);
    return { bin, touchpoint, survey, channel, seen };
  });
}
