import type { Database } from "../db/database.ts";
import { type CountRow, countsOf, countsOfRows } from "../rollup/counts.ts";
import { type SeenRow, seenOf } from "../rollup/impressions.ts";
import { foldGroups } from "./fold.ts";
import { type GroupJson, groupJson } from "./group.ts";
import { countedOf, type Group, groupCountsOf, surveysIn } from "./group-counts.ts";
import { isSeenByGroup, isUnanswerable, type Question, type Unanswerable, wrong } from "./question.ts";

/** Scores in one answer, including the points of series. */
const maxScores = 20_000;

/** What was counted for a question at one moment: each group, and all groups together. */
export interface Counted {
  groups: Group[];
  /** How many groups are left out. */
  more: number;
  /** Those of real answers, whether left out or not. */
  real: Group[];
  total: Group;
}

/** Tells the groups of sample data, which are added up with no others. */
function inventedIn({ touchpoints }: Question): (group: Group) => boolean {
  const samples = new Set(touchpoints.filter(({ sample }) => sample === 1).map(({ name }) => name));
  return ({ names: { touchpoint } }) => touchpoint !== undefined && samples.has(touchpoint);
}

/** One answer for each group, in the order asked for. Without groups, one over everything. */
export function groupScores(
  question: Question,
  { groups: counted, real }: Counted,
): GroupJson[] | Unanswerable {
  const points = [question, question.compare].flatMap((cut) => cut?.series ?? []);
  const maxGroups = Math.floor(maxScores / (1 + points.length));
  const groups = foldGroups(counted, maxGroups);
  if (groups.length > maxGroups)
    return wrong("?group_by", `makes more than ${maxScores} scores: ask for fewer groups or points`);
  const whole =
    real.length > 1
      ? { counts: groupCountsOf(real, question.total), surveys: surveysIn(real, question.surveys) }
      : null;
  const isInvented = inventedIn(question);
  const answers: GroupJson[] = [];
  for (const group of groups) {
    const json = groupJson(question, group, isInvented(group) ? null : whole);
    if (isUnanswerable(json)) return json;
    answers.push(json);
  }
  return ordered(answers, question.order);
}

/** The score over everything that was asked for, however it is grouped. */
export const totalScore = (question: Question, { total }: Counted): GroupJson | Unanswerable =>
  groupJson(question, total, null);

/** Reads groups and total together, so that they add up even while responses arrive. */
export async function countGroups(db: Database, workspace: number, question: Question): Promise<Counted> {
  const { counted, source, groupBy } = question;
  const [rows, seen] = await Promise.all([
    source.from === "counts"
      ? countsOf(db, workspace, counted, source.slice)
      : countsOfRows(db, workspace, counted, source.filters, source.dimensions),
    question.seen ? seenOf(db, workspace, counted) : null,
  ]);
  const newGroup = (names: Group["names"], isSeen: boolean): Group => ({
    names,
    rows: new Map(),
    seen: seen && isSeen ? new Map() : null,
  });
  const total = newGroup({}, true);
  const groups = new Map<string, Group>();
  const groupOf = (row: CountRow): Group => {
    const names = namesOf(question, row);
    const key = JSON.stringify(names);
    const group = groups.get(key) ?? newGroup(names, isSeenByGroup(question));
    groups.set(key, group);
    return group;
  };
  for (const row of rows) {
    push(total.rows, row.bin, row);
    if (groupBy.length > 0) push(groupOf(row).rows, row.bin, row);
  }
  for (const row of seen ?? []) {
    if (row.channel !== "widget") continue;
    if (total.seen) push(total.seen, row.bin, row);
    // A survey that was seen but never answered makes no group, since it has no score.
    const group = groups.get(JSON.stringify(namesOf(question, row)));
    if (group?.seen) push(group.seen, row.bin, row);
  }
  // Without groups there is one answer, even where nothing was counted.
  const all = groupBy.length === 0 ? [total] : [...groups.values()];
  const isInvented = inventedIn(question);
  const { real = [], invented = [] } = Object.groupBy(all, (group) =>
    isInvented(group) ? "invented" : "real",
  );
  const kept = question.limit === undefined ? real : busiest(real, question.limit);
  return { groups: [...kept, ...invented], more: real.length - kept.length, real, total };
}

/** The groups with the most responses. */
function busiest(groups: readonly Group[], limit: number): Group[] {
  const ranked = groups.map((group) => ({ group, responses: countedOf(group) }));
  return ranked
    .sort((one, other) => other.responses - one.responses)
    .slice(0, limit)
    .map(({ group }) => group);
}

function push<Row>(lists: Map<number, Row[]>, bin: number, row: Row): void {
  const list = lists.get(bin);
  if (list) list.push(row);
  else lists.set(bin, [row]);
}

/** The names of the group that a row belongs to, in the order in which they were asked for. */
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
