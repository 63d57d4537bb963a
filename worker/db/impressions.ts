import { noteAsking } from "./askings.ts";
import { dayMs, hourMs, quarterMs } from "./cells.ts";
import { asked, type CountQuestion, common, hourColumns } from "./counts.ts";
import { cutBins, hoursAt, mostHours, quartersPerHour, type Run, runsOf, type Use } from "./cut.ts";
import type { Database, Statement } from "./database.ts";
import { noteSpellings, type Person } from "./spellings.ts";

/** What was put before somebody now (unix ms). */
export interface Seen {
  touchpointRef: number;
  surveyRef: number;
  channel: string;
  now: number;
}

/** Adds one to what was seen at a touchpoint, and notes whom it asked; `person` null: nobody knows. */
export async function countImpression(
  db: Database,
  workspace: number,
  seen: Seen,
  person: Person | null,
): Promise<void> {
  const { touchpointRef, surveyRef, channel, now } = seen;
  const hour = Math.floor((now % dayMs) / hourMs);
  const quarter = Math.floor((now % hourMs) / quarterMs);
  const counted: Statement = {
    sql: `INSERT INTO impression_counts (workspace_ref, touchpoint_ref, day, survey_ref, channel, seen, quarters)
      VALUES (?1, ?2, ?3, ?4, ?5, 1, jsonb_set('{}', ?6, 1))
      ON CONFLICT DO UPDATE SET seen = seen + 1, quarters = jsonb_set(quarters, ?6, COALESCE(quarters ->> ?6, 0) + 1)`,
    values: [
      ...[workspace, touchpointRef, Math.floor(now / dayMs), surveyRef, channel],
      `$."${hour}"."${quarter}"`,
    ],
  };
  await db.once(
    counted,
    ...(person ? [noteAsking(workspace, seen, person.hash)] : []),
    ...(person?.spelling ? [noteSpellings(workspace, [person.spelling])] : []),
  );
}

/** Impressions of one bin, touchpoint, survey and channel; named as in `CountRow`. */
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

/** Impressions by bin; null where a bin does not begin and end on quarter-hours, finer than which nothing is kept. */
export async function seenOf(
  db: Database,
  workspace: number,
  question: CountQuestion,
): Promise<SeenRow[] | null> {
  const cut = cutBins(question.bins);
  if (cut.rests.length > 0) return null;
  const runs = runsOf(cut);
  const parts: Statement[] = [
    {
      sql: `SELECT ranges.value ->> 0 AS bin, ${names(question)}, SUM(seen) AS seen
        FROM ${cells} AND day >= ranges.value ->> 1 AND day < ranges.value ->> 2 WHERE ${asked} GROUP BY 1, 2, 3, 4`,
      values: common(
        workspace,
        question,
        cut.days.map(({ bin, from, to }) => [bin, from, to]),
      ),
    },
    {
      sql: `SELECT day, ${names(question)}, SUM(seen) AS seen${hourColumns(mostHours(runs))}
        FROM ${cells} AND day >= ranges.value ->> 0 AND day < ranges.value ->> 1 WHERE ${asked} GROUP BY 1, 2, 3, 4`,
      values: common(
        workspace,
        question,
        runs.map((run) => [run.from, run.to, ...run.hours]),
      ),
    },
  ];
  const [whole = [], cutRows = []] = await db.batch<SeenRow & SeenDay>(parts);
  return [...whole, ...cutRows.flatMap((row) => seenOfDay(row, cut.cutDays.get(row.day) ?? [], runs))];
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
