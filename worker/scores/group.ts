import type * as z from "zod";
import type { Figures, Scores } from "../../shared/contract/scores.ts";
import { answersNeeded } from "../../shared/scores/answers-needed.ts";
import { changeOf } from "../../shared/scores/change.ts";
import { type Score, shareOf } from "../../shared/scores/score.ts";
import type { Period } from "../../shared/time/periods.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import {
  disagreementOf,
  type Group,
  type GroupCounts,
  groupCountsOf,
  groupCountsWithout,
  scoreOfCounts,
  surveysIn,
} from "./group-counts.ts";
import type { Point, Question, Unanswerable } from "./question.ts";

export type GroupJson = z.input<typeof Scores>["data"][number];
type FiguresJson = z.input<typeof Figures>;
export type PointJson = NonNullable<GroupJson["series"]>[number];

export const periodJson = ({ from, to }: Period) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

const headlineJson = (score: Score | null) => ({
  score: score?.score ?? null,
  n: score?.n ?? 0,
  interval: score?.interval ?? null,
  small_sample: score?.smallSample ?? true,
});

function responseRateJson(widget: GroupCounts["widget"]): FiguresJson["response_rate"] {
  if (!widget || widget.seen === 0) return null;
  const { seen, answered } = widget;
  const share = shareOf(answered, seen);
  return { seen, answered, value: share?.value ?? null, interval: share?.interval ?? null };
}

function figuresJson(score: Score | null, counts: GroupCounts): FiguresJson {
  const lost = Object.values(counts.excluded).reduce((sum, count) => sum + count, 0);
  const n = score?.n ?? 0;
  return {
    ...headlineJson(score),
    mean: score?.mean ?? null,
    percentage: score?.percentage ?? null,
    distribution: score?.distribution ?? [],
    buckets: score?.buckets ?? [],
    response_rate: responseRateJson(counts.widget),
    ledger: { received: n + lost, counted: n, excluded: counts.excluded },
  };
}

/** What the figures of a group and all its points are computed from. */
function originJson(score: Score | null, surveys: readonly SurveyRow[]) {
  const [survey] = surveys;
  return {
    kind: survey?.kind ?? null,
    scale: survey && !score?.mixedScales ? { min: survey.scaleMin, max: survey.scaleMax } : null,
    surveys: surveys.map(({ id }) => id),
    unit: score?.unit ?? null,
    mixed_scales: score?.mixedScales ?? false,
  };
}

function changeJson(current: Score | null, before: Score | null) {
  const change = current && before && changeOf(current, before);
  if (!change) return null;
  const { difference, interval, p, significant, smallSample } = change;
  return { difference, interval, p, significant, small_sample: smallSample };
}

/** All groups of real answers together, with which each of them is compared. */
interface Whole {
  counts: GroupCounts;
  surveys: SurveyRow[];
}

/** Everything about one group. `whole` is null where there is no other group to compare it with. */
export function groupJson(question: Question, group: Group, whole: Whole | null): GroupJson | Unanswerable {
  const surveys = surveysIn([group], question.surveys);
  const scoreIn = (bins: readonly number[]) => {
    const counts = groupCountsOf([group], bins);
    return { counts, score: scoreOfCounts(counts, surveys) };
  };
  const { counts, score } = scoreIn(question.total);
  if (!score && surveys.length > 0) return disagreementOf(surveys);
  const pointJson = ({ period, bins, rolling }: Point): PointJson => {
    const point = scoreIn(bins);
    return {
      ...periodJson(period),
      ...(question.headline ? headlineJson(point.score) : figuresJson(point.score, point.counts)),
      ...(rolling && {
        rolling: { from: new Date(rolling.from).toISOString(), ...headlineJson(scoreIn(rolling.bins).score) },
      }),
    };
  };
  const json: GroupJson = {
    group: group.names,
    ...originJson(score, surveys),
    ...figuresJson(score, counts),
    answers_needed: score && answersNeeded(score),
  };
  if (question.compare) {
    const { period, total, series } = question.compare;
    const before = scoreIn(total);
    json.compare = {
      period: periodJson(period),
      ...figuresJson(before.score, before.counts),
      change: changeJson(score, before.score),
      series: series?.map(pointJson),
    };
  }
  if (whole) {
    const rest = scoreOfCounts(groupCountsWithout(whole.counts, counts), whole.surveys);
    if (rest) json.rest = { ...headlineJson(rest), change: changeJson(score, rest) };
  }
  json.series = question.series?.map(pointJson);
  return json;
}
