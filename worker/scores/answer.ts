import { type CountRow, countsOf, countsOfRows } from "../db/counts.ts";
import type { Database } from "../db/database.ts";
import { type SeenRow, seenOf } from "../db/impressions.ts";
import { Problem } from "../problem.ts";
import { type GroupJson, groupJson } from "./group.ts";
import type { Question } from "./question.ts";
import { type Group, surveysIn, tallyOf } from "./tally.ts";

/** Scores in one answer, points of the series included. */
const mostScores = 20_000;

/** One answer for each group, in the asked order; without groups one over everything. Throws surveys-disagree. */
export async function answerQuestion(
  db: Database,
  workspace: number,
  question: Question,
): Promise<GroupJson[]> {
  const groups = await countGroups(db, workspace, question);
  if (groups.length * (1 + (question.series?.length ?? 0)) > mostScores)
    throw Problem.field("?group_by", `makes more than ${mostScores} scores: ask for fewer groups or points`);
  const whole =
    groups.length > 1
      ? { tally: tallyOf(groups, question.total), surveys: surveysIn(groups, question.surveys) }
      : null;
  return ordered(
    groups.map((group) => groupJson(question, group, whole)),
    question.order,
  );
}

async function countGroups(db: Database, workspace: number, question: Question): Promise<Group[]> {
  const { counted, source, groupBy } = question;
  const [rows, seen] = await Promise.all([
    source.from === "counts"
      ? countsOf(db, workspace, counted, source.slice)
      : countsOfRows(db, workspace, counted, source.filters, source.dimensions),
    question.seen ? seenOf(db, workspace, counted) : null,
  ]);
  const groups = new Map<string, Group>();
  const groupOf = (row: CountRow | SeenRow): Group => {
    const names = namesOf(question, row);
    const key = JSON.stringify(names);
    const known = groups.get(key);
    if (known) return known;
    const made = { names, rows: new Map(), seen: seen && new Map() };
    groups.set(key, made);
    return made;
  };
  // Without groups the answer is one, also where nothing was counted.
  if (groupBy.length === 0) groups.set("{}", { names: {}, rows: new Map(), seen: seen && new Map() });
  for (const row of rows) push(groupOf(row).rows, row.bin, row);
  // What was seen and never answered makes no group: it has no score.
  for (const row of seen ?? []) {
    const known = groups.get(JSON.stringify(namesOf(question, row)));
    if (known?.seen && row.channel === "widget") push(known.seen, row.bin, row);
  }
  return [...groups.values()];
}

function push<Row>(lists: Map<number, Row[]>, bin: number, row: Row): void {
  const list = lists.get(bin);
  if (list) list.push(row);
  else lists.set(bin, [row]);
}

/** The names of the group that a row belongs to, in the order in which they were asked. */
function namesOf(
  { groupBy, surveys, touchpoints }: Question,
  row: CountRow | SeenRow,
): Record<string, string> {
  const survey = surveys.find(({ ref }) => ref === row.survey);
  const values = "values" in row ? [...row.values] : [];
  const name = (dimension: string) => {
    if (dimension === "touchpoint") return touchpoints.find(({ ref }) => ref === row.touchpoint)?.name;
    if (dimension === "survey") return survey?.id;
    if (dimension === "kind") return survey?.kind;
    if (dimension === "channel") return row.channel;
    return values.shift();
  };
  return Object.fromEntries(groupBy.map((dimension) => [dimension, name(dimension) ?? ""]));
}

const rank = {
  lower_bound: ({ interval }: GroupJson) => interval?.low ?? Number.NEGATIVE_INFINITY,
  score: ({ score }: GroupJson) => score ?? Number.NEGATIVE_INFINITY,
  n: ({ n }: GroupJson) => n,
};

function ordered(answers: readonly GroupJson[], order: Question["order"]): GroupJson[] {
  const name = ({ group }: GroupJson) => Object.values(group).join("\0");
  const byName = answers.toSorted((one, other) => (name(one) < name(other) ? -1 : 1));
  return order ? byName.toSorted((one, other) => rank[order](other) - rank[order](one) || 0) : byName;
}
