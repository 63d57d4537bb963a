import { addDistributions, mixedScoreOf } from "../../shared/scores/mixed-score.ts";
import type { Score } from "../../shared/scores/score.ts";
import { KINDS, type Kind } from "../../shared/surveys/kinds.ts";
import type { CountRow } from "../rollup/counts.ts";
import type { SeenRow } from "../rollup/impressions.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import type { Unanswerable } from "./question.ts";

/** Everything counted for a group in some bins. */
export interface GroupCounts {
  /** Distributions of the counted responses, by the survey's ref. */
  counted: Map<number, number[]>;
  /** Excluded responses, by reason. */
  excluded: Record<string, number>;
  /** Counted responses of the widget, and its impressions; null: not known. */
  widget: { answered: number; seen: number } | null;
}

/** A group of the answer, with its counts by bin. */
export interface Group {
  /** By dimension; empty: the group of everything. */
  names: Record<string, string>;
  rows: Map<number, CountRow[]>;
  seen: Map<number, SeenRow[]> | null;
}

const isCounted = ({ exclusion }: CountRow) => exclusion === "";
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** Counted responses in all bins. */
export const countedOf = ({ rows }: Group): number =>
  total(
    [...rows.values()]
      .flat()
      .filter(isCounted)
      .flatMap(({ counts }) => counts),
  );

/** Adds up some bins of some groups. */
export function groupCountsOf(groups: readonly Group[], bins: readonly number[]): GroupCounts {
  const rows = groups.flatMap((group) => bins.flatMap((bin) => group.rows.get(bin) ?? []));
  const bySurvey = Map.groupBy(rows.filter(isCounted), ({ survey }) => survey);
  const counted = new Map(
    [...bySurvey].map(([survey, list]) => [survey, addDistributions(list.map(({ counts }) => counts))]),
  );
  const excluded: Record<string, number> = {};
  for (const { exclusion, counts } of rows.filter((row) => !isCounted(row)))
    excluded[exclusion] = (excluded[exclusion] ?? 0) + total(counts);
  const widget = rows.filter((row) => isCounted(row) && row.channel === "widget");
  const answered = widget.reduce((sum, { counts }) => sum + total(counts), 0);
  const isSeen = groups.every(({ seen }) => seen !== null);
  const views = groups.flatMap(({ seen }) => bins.flatMap((bin) => seen?.get(bin) ?? []));
  const seen = views.reduce((sum, row) => sum + row.seen, 0);
  return { counted, excluded, widget: isSeen ? { answered, seen } : null };
}

/** The counts of the whole without a part; counted responses only. */
export function groupCountsWithout(whole: GroupCounts, part: GroupCounts): GroupCounts {
  const counted = [...whole.counted].map(([survey, counts]): [number, number[]] => {
    const taken = part.counted.get(survey);
    return [survey, counts.map((count, rating) => count - (taken?.[rating] ?? 0))];
  });
  return { counted: new Map(counted), excluded: {}, widget: null };
}

/**
 * The surveys of a group's counted responses. Where nothing is counted, those of its excluded ones, if they have a
 * common score: excluded responses never decide whether there is one.
 */
export function surveysIn(groups: readonly Group[], surveys: readonly SurveyRow[]): SurveyRow[] {
  const rows = groups.flatMap((group) => [...group.rows.values()].flat());
  const counted = rows.filter(isCounted);
  const refs = new Set((counted.length > 0 ? counted : rows).map(({ survey }) => survey));
  const found = surveys.filter(({ ref }) => refs.has(ref));
  return counted.length > 0 || scoreOfCounts({ counted: new Map() }, found) ? found : [];
}

const scaleName = ({ kind, scaleMin, scaleMax, satisfiedFrom }: SurveyRow) =>
  `${kind} ${scaleMin}-${scaleMax}${satisfiedFrom === null ? "" : ` from ${satisfiedFrom}`}`;

const kindOf = (surveys: readonly SurveyRow[]): Kind | null => {
  const [first, ...others] = surveys;
  return first && others.every(({ kind }) => kind === first.kind) ? (KINDS[first.kind] ?? null) : null;
};

/** One score over surveys, even without responses; null: they have no common score, or there is no survey. */
export function scoreOfCounts(
  { counted }: Pick<GroupCounts, "counted">,
  surveys: readonly SurveyRow[],
): Score | null {
  const kind = kindOf(surveys);
  return (
    kind &&
    mixedScoreOf(
      kind,
      surveys.map(({ ref, scaleMin, scaleMax, satisfiedFrom }) => ({
        scale: { min: scaleMin, max: scaleMax },
        topFrom: satisfiedFrom,
        distribution: counted.get(ref) ?? addDistributions([]),
      })),
    )
  );
}

/** Names two surveys whose ratings cannot be added up. */
export function disagreementOf(surveys: readonly SurveyRow[]): Unanswerable {
  const [first, ...others] = surveys;
  const other =
    others.find((survey) => first && survey.kind !== first.kind) ??
    others.find((survey) => first && scaleName(survey) !== scaleName(first));
  const [one, two] = [first, other].map((survey) => survey && `${survey.id} (${scaleName(survey)})`);
  return {
    problem: "surveys-disagree",
    detail: `${one} and ${two} differ in kind or scale: choose with survey= or kind=, or group by them`,
  };
}
