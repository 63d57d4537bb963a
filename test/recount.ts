const dayMs = 86_400_000;
const quarterMs = 900_000;

/** A row of `responses`, as far as counting needs it. */
interface CountedRow {
  id: string;
  workspace_ref: number;
  touchpoint_ref: number;
  survey_ref: number;
  channel: string;
  exclusion: string;
  rating: number;
  answered_at: number;
}

interface Cell {
  counters: number[];
  quarters: Record<string, number[]>;
}

type CountsRow = Record<string, number | string>;

const emptyCell = (): Cell => ({ counters: new Array<number>(11).fill(0), quarters: {} });

/** What the roll-up must be, counted row by row; shares no code with the SQL that keeps it. */
function recount(rows: readonly CountedRow[]): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const day = Math.floor(row.answered_at / dayMs);
    const name = [
      ...[row.workspace_ref, row.touchpoint_ref, day],
      ...[row.survey_ref, row.channel, row.exclusion],
    ].join(" ");
    const cell = cells.get(name) ?? emptyCell();
    cells.set(name, cell);
    cell.counters[row.rating] = (cell.counters[row.rating] ?? 0) + 1;
    const slot = Math.floor((row.answered_at - day * dayMs) / quarterMs);
    const quarter = cell.quarters[slot] ?? new Array<number>(11).fill(0);
    quarter[row.rating] = (quarter[row.rating] ?? 0) + 1;
    cell.quarters[slot] = quarter;
  }
  return cells;
}

function stored(rows: readonly CountsRow[]): Map<string, Cell> {
  return new Map(
    rows.map((row) => [
      [row.workspace_ref, row.touchpoint_ref, row.day, row.survey_ref, row.channel, row.exclusion].join(" "),
      {
        counters: Array.from({ length: 11 }, (_, rating) => Number(row[`r${rating}`])),
        quarters: JSON.parse(String(row.quarters)),
      },
    ]),
  );
}

const shown = ({ counters, quarters }: Cell) => {
  // A quarter-hour whose last response left it stays behind, empty.
  const held = Object.entries(quarters).filter(([, counts]) => counts.some((count) => count !== 0));
  const sorted = held.sort(([one], [other]) => (one < other ? -1 : 1));
  return `${counters.join(",")} ${JSON.stringify(Object.fromEntries(sorted))}`;
};

/** Every cell in which the roll-up differs from a recount of the responses; none when it is exact. */
export async function drift(d1: D1Database, workspace: number | null = null): Promise<string[]> {
  const where = "WHERE ?1 IS NULL OR workspace_ref = ?1";
  const [rows, counts] = await Promise.all([
    d1.prepare(`SELECT * FROM responses ${where}`).bind(workspace).all<CountedRow>(),
    d1.prepare(`SELECT * FROM rating_counts ${where}`).bind(workspace).all<CountsRow>(),
  ]);
  return driftOf(rows.results, counts.results);
}

function driftOf(responses: readonly CountedRow[], counts: readonly CountsRow[]): string[] {
  const expected = recount(responses);
  const actual = stored(counts);
  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((name) => {
    const rows = shown(expected.get(name) ?? emptyCell());
    const rollup = shown(actual.get(name) ?? emptyCell());
    return rows === rollup ? [] : [`${name}: rows ${rows}, roll-up ${rollup}`];
  });
}
