import fc from "fast-check";
import type { Group, Step } from "../../dashboard/figures/model/answers.ts";
import { changeOf } from "../../shared/scores/change.ts";
import { type Score, scoreOf } from "../../shared/scores/score.ts";
import { KINDS, ratingsOf, type Scale } from "../../shared/surveys/kinds.ts";

/** A score of a kind from counts of its ratings, by the same formulas as the API's. */
export function scoreFrom(kind: string, counts: readonly number[], scale?: Scale): Score {
  const found = KINDS[kind];
  if (!found) throw new Error(`no kind ${kind}`);
  const whole = scale ?? found.scales[0];
  const counters = Array.from({ length: 11 }, (_, rating) =>
    rating > whole.max ? 0 : (counts[rating - whole.min] ?? 0),
  );
  return scoreOf(found, whole, null, counters);
}

/** A score in the form in which `/v1/scores` answers it. */
export function groupFrom(kind: string, score: Score, before?: Score): Group {
  const ratings = score.distribution.map(({ rating }) => rating);
  const { unit, n, interval, smallSample: small_sample, mean, percentage, distribution, buckets } = score;
  const figures = { score: score.score, n, interval, small_sample, mean, percentage, distribution, buckets };
  const ledger = { received: n, counted: n, excluded: {} };
  const change = before && changeOf(score, before);
  return {
    ...figures,
    group: { touchpoint: kind },
    kind,
    unit,
    scale: { min: Math.min(...ratings), max: Math.max(...ratings) },
    surveys: [],
    mixed_scales: false,
    response_rate: null,
    ledger,
    answers_needed: null,
    ...(before && {
      compare: {
        ...figures,
        response_rate: null,
        ledger,
        period: { from: "2026-09-01T00:00:00Z", to: "2026-10-01T00:00:00Z" },
        change: change
          ? {
              difference: change.difference,
              interval: change.interval,
              p: change.p,
              significant: change.significant,
              small_sample: change.smallSample,
            }
          : null,
      },
    }),
  };
}

/** A step of a series, a day long. */
export const stepFrom = ({ score, n, interval, smallSample }: Score, day = 0): Step => ({
  from: new Date(Date.UTC(2026, 9, 1 + day)).toISOString(),
  to: new Date(Date.UTC(2026, 9, 2 + day)).toISOString(),
  score,
  n,
  interval,
  small_sample: smallSample,
});

/** `n` answers of one kind, all of its ratings among them in turn. */
export const scoreOfSize = (kind: string, n: number): Score => {
  const scale = KINDS[kind]?.scales[0] ?? { min: 0, max: 1 };
  const ratings = ratingsOf(scale).length;
  return scoreFrom(
    kind,
    Array.from({ length: ratings }, (_, index) => Math.floor((n + ratings - 1 - index) / ratings)),
  );
};

/** Any kind with any counts on its first scale: nothing, a handful, hundreds. */
export const anyCounts = fc.constantFrom(...Object.keys(KINDS)).chain((kind) => {
  const scale = KINDS[kind]?.scales[0] ?? { min: 0, max: 1 };
  const ratings = ratingsOf(scale).length;
  return fc
    .constantFrom(0, 1, 3, 12, 300)
    .chain((most) =>
      fc
        .array(fc.integer({ min: 0, max: most }), { minLength: ratings, maxLength: ratings })
        .map((counts) => ({ kind, counts })),
    );
});
