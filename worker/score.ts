import type * as z from "zod";
import type { Score as ScoreShape } from "../shared/contract/scores.ts";
import { KINDS } from "../shared/kinds.ts";
import { type Score, scoreOf } from "../shared/score.ts";
import type { CountRow } from "./db/counts.ts";
import type { SurveyRow } from "./db/surveys.ts";
import { Problem } from "./problem.ts";

/** A score with where it comes from. */
export interface LedgerScore {
  surveys: SurveyRow[];
  /** null: nothing was received, so that there is no kind to compute with. */
  score: Score | null;
  excluded: Record<string, number>;
}

const scaleName = (survey: SurveyRow) =>
  `${survey.kind} ${survey.scaleMin}-${survey.scaleMax}${survey.satisfiedFrom === null ? "" : ` from ${survey.satisfiedFrom}`}`;

/** Throws surveys-disagree, naming two surveys whose ratings cannot be added up. */
function refuseMixedSurveys(surveys: readonly SurveyRow[]): void {
  const [first, ...others] = surveys;
  const other = others.find((survey) => first && scaleName(survey) !== scaleName(first));
  if (!first || !other) return;
  const [one, two] = [first, other].map((survey) => `${survey.id} (${scaleName(survey)})`);
  throw new Problem("surveys-disagree", {
    detail: `${one} and ${two} differ in kind or scale: choose one with survey=`,
  });
}

/** One score out of the counts of surveys that agree in kind and scale. */
export function scoreOfCounts(counts: readonly CountRow[], surveys: SurveyRow[]): LedgerScore {
  refuseMixedSurveys(surveys);
  const total = new Array<number>(11).fill(0);
  const excluded: Record<string, number> = {};
  for (const { exclusion, counts: row } of counts) {
    if (exclusion === "") {
      for (const [rating, count] of row.entries()) total[rating] = (total[rating] ?? 0) + count;
    } else {
      excluded[exclusion] = (excluded[exclusion] ?? 0) + row.reduce((sum, count) => sum + count, 0);
    }
  }
  const survey = surveys[0];
  const kind = survey && KINDS[survey.kind];
  if (!survey || !kind) return { surveys, score: null, excluded };
  const scale = { min: survey.scaleMin, max: survey.scaleMax };
  return { surveys, score: scoreOf(kind, scale, survey.satisfiedFrom, total), excluded };
}

/** As the API answers it. */
export function scoreJson({ surveys, score, excluded }: LedgerScore): z.input<typeof ScoreShape> {
  const survey = surveys[0];
  const n = score?.n ?? 0;
  const lost = Object.values(excluded).reduce((sum, count) => sum + count, 0);
  return {
    kind: survey?.kind ?? null,
    scale: survey ? { min: survey.scaleMin, max: survey.scaleMax } : null,
    surveys: surveys.map(({ id }) => id),
    unit: score?.unit ?? null,
    score: score?.score ?? null,
    n,
    interval: score?.interval ?? null,
    small_sample: score?.smallSample ?? true,
    mean: score?.mean ?? null,
    percentage: score?.percentage ?? null,
    mixed_scales: score?.mixedScales ?? false,
    distribution: score?.distribution ?? [],
    buckets: score?.buckets ?? [],
    ledger: { received: n + lost, counted: n, excluded },
  };
}
