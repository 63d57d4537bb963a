import { dayMs, minuteMs } from "../shared/time/durations.ts";

/** The columns of `responses` that counting needs. */
interface CountedRow {
  id: string;
  workspace_ref: number;
  touchpoint_ref: number;
  survey_ref: number;
  channel: string;
  exclusion: string;
  rating: number;
  answered_at: number;
  locale: string | null;
  /** JSON. */
  properties: string | null;
}

interface Breakdown {
  ref: number;
  workspace_ref: number;
  dimension: string;
  counted_to: string | null;
  removed_at: number | null;
}

interface Value {
  ref: number;
  breakdown_ref: number;
  value: string;
}

/** Counters by name: a rating in a cell or block of the roll-up, or in an hour or quarter-hour of a cell. */
type Tally = Map<string, number>;

const add = (tally: Tally, name: string, count: number) => tally.set(name, (tally.get(name) ?? 0) + count);

/** 0 for all responses, and the value in each breakdown that has been counted as far as this response. */
function valueRefs(row: CountedRow, breakdowns: readonly Breakdown[], values: readonly Value[]): number[] {
  const active = breakdowns.filter(
    ({ workspace_ref, counted_to, removed_at }) =>
      workspace_ref === row.workspace_ref &&
      removed_at === null &&
      (counted_to === null || row.id <= counted_to),
  );
  const properties: Record<string, unknown> = JSON.parse(row.properties ?? "{}");
  const refs = active.map(({ ref, dimension }) => {
    const value = dimension === "locale" ? row.locale : properties[dimension.replace("property:", "")];
    const named = (text: string) =>
      values.find(({ breakdown_ref, value: known }) => breakdown_ref === ref && known === text)?.ref;
    return named(String(value ?? "(none)")) ?? named("(other)") ?? -1;
  });
  return [0, ...refs];
}

/** What the roll-up must be, counted row by row. It shares no code with the SQL that maintains it. */
function recount(
  rows: readonly CountedRow[],
  breakdowns: readonly Breakdown[],
  values: readonly Value[],
  settled: readonly { ref: number; settled_to: number }[],
): Tally {
  const tally: Tally = new Map();
  for (const row of rows) {
    const day = Math.floor(row.answered_at / dayMs);
    const block = Math.floor(day / 8);
    const isSettled = settled.some(({ ref, settled_to }) => ref === row.touchpoint_ref && block < settled_to);
    const minute = Math.floor((row.answered_at - day * dayMs) / minuteMs);
    for (const value of valueRefs(row, breakdowns, values)) {
      const { workspace_ref, touchpoint_ref, survey_ref, channel, exclusion, rating } = row;
      const cell = [workspace_ref, touchpoint_ref, value, day, survey_ref, channel, exclusion].join(" ");
      add(tally, `${cell} r${rating}`, 1);
      const rest = [survey_ref, channel, exclusion].join(" ");
      if (isSettled) add(tally, blockName(workspace_ref, touchpoint_ref, value, block, rest, rating), 1);
      add(tally, `${cell} ${Math.floor(minute / 60)}:${Math.floor((minute % 60) / 15)} r${rating}`, 1);
    }
  }
  return tally;
}

const blockName = (...key: (number | string | undefined)[]) => `block ${key.join(" ")}`;

type CountsRow = Record<string, number | string>;

function stored(rows: readonly CountsRow[], blocks: readonly CountsRow[]): Tally {
  const tally: Tally = new Map();
  for (const row of blocks) {
    const { workspace_ref, touchpoint_ref, value_ref, block, survey_ref, channel, exclusion } = row;
    const rest = [survey_ref, channel, exclusion].join(" ");
    for (let rating = 0; rating <= 10; rating++)
      add(
        tally,
        blockName(workspace_ref, touchpoint_ref, value_ref, block, rest, rating),
        Number(row[`r${rating}`]),
      );
  }
  for (const row of rows) {
    const { workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion } = row;
    const cell = [workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion].join(" ");
    for (let rating = 0; rating <= 10; rating++) add(tally, `${cell} r${rating}`, Number(row[`r${rating}`]));
    const hours: Record<string, Record<string, Record<string, number>>> = JSON.parse(
      String(row.quarters_json),
    );
    for (const [hour, quarters] of Object.entries(hours))
      for (const [quarter, ratings] of Object.entries(quarters))
        for (const [rating, count] of Object.entries(ratings))
          add(tally, `${cell} ${hour}:${quarter} r${rating}`, count);
  }
  return tally;
}

/** Every counter in which the roll-up differs from a recount of the responses; empty if it is exact. */
export async function drift(d1: D1Database, workspace: number | null = null): Promise<string[]> {
  const where = "WHERE ?1 IS NULL OR workspace_ref = ?1";
  const read = (sql: string) => d1.prepare(sql).bind(workspace);
  // Read in one transaction: with a concurrent writer, six separate reads would disagree.
  const [rows, counts, breakdowns, values, blocks, touchpoints] = await d1.batch([
    read(`SELECT * FROM responses ${where}`),
    read(`SELECT *, json(quarters) AS quarters_json FROM rating_counts ${where}`),
    read(`SELECT * FROM breakdowns ${where}`),
    read("SELECT * FROM breakdown_values WHERE ?1 IS NULL OR true"),
    read(`SELECT * FROM block_counts ${where}`),
    read("SELECT ref, settled_to FROM touchpoints WHERE ?1 IS NULL OR true"),
  ]);
  const expected = recount(
    (rows?.results ?? []) as CountedRow[],
    (breakdowns?.results ?? []) as Breakdown[],
    (values?.results ?? []) as Value[],
    (touchpoints?.results ?? []) as { ref: number; settled_to: number }[],
  );
  const actual = stored((counts?.results ?? []) as CountsRow[], (blocks?.results ?? []) as CountsRow[]);
  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((name) => {
    const [wanted, found] = [expected.get(name) ?? 0, actual.get(name) ?? 0];
    return wanted === found ? [] : [`${name}: rows ${wanted}, roll-up ${found}`];
  });
}
