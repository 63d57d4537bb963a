import { dayMs, hourMs, quarterMs } from "./cells.ts";
import { type CountQuestion, inList, unless } from "./counts.ts";
import { cutBins, hourKey } from "./cut.ts";
import type { Database, Statement } from "./database.ts";

/** Adds one to what was seen at a touchpoint now (unix ms). */
export async function countImpression(
  db: Database,
  workspace: number,
  seen: { touchpointRef: number; surveyRef: number; channel: string; now: number },
): Promise<void> {
  const { touchpointRef, surveyRef, channel, now } = seen;
  const hour = Math.floor((now % dayMs) / hourMs);
  const quarter = Math.floor((now % hourMs) / quarterMs);
  await db.once({
    sql: `INSERT INTO impression_counts (workspace_ref, touchpoint_ref, day, survey_ref, channel, seen, quarters)
      VALUES (?1, ?2, ?3, ?4, ?5, 1, jsonb_set('{}', ?6, 1))
      ON CONFLICT DO UPDATE SET seen = seen + 1, quarters = jsonb_set(quarters, ?6, COALESCE(quarters ->> ?6, 0) + 1)`,
    values: [
      ...[workspace, touchpointRef, Math.floor(now / dayMs), surveyRef, channel],
      `$."${hour}"."${quarter}"`,
    ],
  });
}

/** Impressions of one bin, touchpoint, survey and channel; named as in `CountRow`. */
export interface SeenRow {
  bin: number;
  touchpoint: number;
  survey: number;
  channel: string;
  seen: number;
}

interface SeenPiece extends Omit<SeenRow, "bin" | "seen"> {
  day: number;
  hour: number;
  /** JSON objects, one after the other. */
  hours: string;
}

const names = ({ byTouchpoint }: CountQuestion) =>
  `${byTouchpoint ? "touchpoint_ref" : "0"} AS touchpoint, survey_ref AS survey, channel`;
const cells = `json_each(?5) AS ranges CROSS JOIN json_each(?2) AS named CROSS JOIN impression_counts AS counts
  ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = named.value`;
const asked = `${inList("survey_ref", "?3")} AND ${unless("?4", inList("channel", "?4"))}`;
const hourPath = `('$."' || (ranges.value ->> 1) || '"')`;

/** Impressions by bin; null where a bin does not begin and end on quarter-hours, finer than which nothing is kept. */
export async function seenOf(
  db: Database,
  workspace: number,
  question: CountQuestion,
): Promise<SeenRow[] | null> {
  const cut = cutBins(question.bins);
  if (cut.rests.length > 0) return null;
  const values = (ranges: readonly (readonly number[])[]) => [
    workspace,
    JSON.stringify(question.touchpoints),
    JSON.stringify(question.surveys),
    question.channels && JSON.stringify(question.channels),
    JSON.stringify(ranges),
  ];
  const days: Statement = {
    sql: `SELECT ranges.value ->> 0 AS bin, ${names(question)}, SUM(seen) AS seen
      FROM ${cells} AND day >= ranges.value ->> 1 AND day < ranges.value ->> 2 WHERE ${asked} GROUP BY 1, 2, 3, 4`,
    values: values(cut.days.map(({ bin, from, to }) => [bin, from, to])),
  };
  const pieces: Statement = {
    sql: `SELECT ranges.value ->> 0 AS day, ranges.value ->> 1 AS hour, ${names(question)}, group_concat(quarters -> ${hourPath}) AS hours
      FROM ${cells} AND day = ranges.value ->> 0 WHERE quarters -> ${hourPath} IS NOT NULL AND ${asked} GROUP BY 1, 2, 3, 4, 5`,
    values: values([...cut.pieces.keys()].map((key) => key.split(".").map(Number))),
  };
  const answers = await db.batch<SeenRow | SeenPiece>(cut.pieces.size > 0 ? [days, pieces] : [days]);
  return answers.flat().flatMap((row): SeenRow[] => {
    if (!("hours" in row)) return [row];
    const { day, hour, hours, ...rest } = row;
    const hourCells: Record<string, number>[] = JSON.parse(`[${hours}]`);
    return (cut.pieces.get(hourKey(day, hour)) ?? []).map(({ bin, sign, from, to }) => {
      const inside = hourCells.flatMap((cell) =>
        Object.entries(cell).filter(([quarter]) => Number(quarter) >= from && Number(quarter) < to),
      );
      return { ...rest, bin, seen: sign * inside.reduce((sum, [, count]) => sum + count, 0) };
    });
  });
}
