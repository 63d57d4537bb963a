import { enough, type Step } from "./answers.ts";
import { type Axis, axisFor, type Ends } from "./scale.ts";

/** What a line is drawn from: a step, or its rolling score. */
type Point = Pick<Step, "score" | "n" | "interval">;

/** The paths of a chart in a box of `width` by `height`. They are stretched to the figure's size, so they hold no text. */
interface Lines {
  /** The 95 % intervals as one area for each run of steps that can be judged. */
  band: string;
  line: string;
  /** The line to, from and between steps that cannot be judged. */
  open: string;
  /** The intervals of single steps, too wide for a band. */
  whiskers: string;
  /** The period before. */
  past: string;
  dots: { at: string; hollow: boolean }[];
}

interface Box {
  width: number;
  height: number;
}

interface Drawing {
  points: readonly Point[];
  past?: readonly Point[];
  axis: Ends;
  box: Box;
  /** The last step is not over: it may still change. */
  running?: boolean;
  /** From how many answers on a step stands for itself. A rolling score is drawn from the first. */
  least?: number;
}

const round = (value: number) => Number(value.toFixed(2));

/** Neighbours that belong together, as runs of at least two. */
function runsOf<Item>(items: readonly Item[], together: (one: Item, next: Item) => boolean): Item[][] {
  const runs: Item[][] = [];
  for (const [index, item] of items.entries()) {
    const before = items[index - 1];
    if (before !== undefined && together(before, item)) runs.at(-1)?.push(item);
    else runs.push([item]);
  }
  return runs.filter((run) => run.length > 1);
}

const polyline = (places: readonly string[]) => `M${places.join("L")}`;

/** A line through every run of steps with a score. */
function throughScores(points: readonly Point[], place: (index: number, value: number) => string): string {
  const seen = points.map(({ score }, index) => ({ score, index }));
  return runsOf(seen, (one, next) => one.score !== null && next.score !== null)
    .map((run) => polyline(run.map(({ score, index }) => place(index, score ?? 0))))
    .join("");
}

/** Where everything lies. Nothing is invented: a step without answers is a gap, and no line leads over it. */
export function linesOf({ points, past = [], axis, box, running = false, least = enough }: Drawing): Lines {
  const x = (index: number) => round(((index + 0.5) * box.width) / points.length);
  const y = (value: number) => round(box.height * (1 - (value - axis.min) / (axis.max - axis.min)));
  const place = (index: number, value: number) => `${x(index)} ${y(value)}`;
  const steps = points.map(({ score, n, interval }, index) => {
    const judged = score !== null && n >= least;
    return {
      index,
      score,
      interval,
      judged,
      solid: judged && !(running && index === points.length - 1),
    };
  });
  const banded = runsOf(steps, (one, next) => one.judged && next.judged && !!one.interval && !!next.interval);
  const inBand = new Set(banded.flat());
  return {
    band: banded
      .map((run) => {
        const edge = (end: "low" | "high") =>
          run.map(({ index, interval }) => place(index, interval?.[end] ?? 0));
        return `${polyline([...edge("high"), ...edge("low").reverse()])}Z`;
      })
      .join(""),
    line: runsOf(steps, (one, next) => one.solid && next.solid)
      .map((run) => polyline(run.map(({ index, score }) => place(index, score ?? 0))))
      .join(""),
    open: steps
      .flatMap((next, index) => {
        const one = steps[index - 1];
        if (!one || one.score === null || next.score === null || (one.solid && next.solid)) return [];
        return polyline([place(one.index, one.score), place(next.index, next.score)]);
      })
      .join(""),
    whiskers: steps
      .flatMap((step) => {
        if (!step.interval || inBand.has(step)) return [];
        return `M${place(step.index, step.interval.high)}V${y(step.interval.low)}`;
      })
      .join(""),
    past: throughScores(past.slice(0, points.length), place),
    dots: steps.flatMap(({ index, score, solid }) =>
      score === null ? [] : [{ at: `M${place(index, score)}h0`, hollow: !solid }],
    ),
  };
}

/**
 * The axis of a series: the intervals of the steps that can be judged, and the scores of the period before. Steps with
 * fewer answers run out of the frame: they would flatten all others.
 */
export function axisOf(
  scale: Ends,
  points: readonly Point[],
  past: readonly Point[] = [],
  least = 0.3,
): Axis {
  const judged = points.filter(({ n }) => n >= enough);
  // Nothing can be judged: the few scores that there are decide, by themselves.
  const shown = judged.length > 0 ? judged : points;
  const values = [
    ...shown.flatMap(({ score, interval }) =>
      score === null ? [] : [score, ...(judged.length > 0 && interval ? [interval.low, interval.high] : [])],
    ),
    ...past.flatMap(({ score, n }) => (score === null || n < enough ? [] : [score])),
  ];
  return values.length > 0
    ? axisFor(scale, Math.min(...values), Math.max(...values), least)
    : axisFor(scale, scale.min, scale.max);
}

/** The frame of a small line: at least a quarter of the scale high, so that noise looks small. Its ends are not named. */
export function sparkEnds(scale: Ends, points: readonly Point[]): Ends {
  const values = points.flatMap(({ score, interval }) =>
    score === null ? [] : [score, ...(interval ? [interval.low, interval.high] : [])],
  );
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [scale.min, scale.max];
  const span = Math.max(high - low, (scale.max - scale.min) / 4);
  const from = Math.min(Math.max((low + high - span) / 2, scale.min), scale.max - span);
  return { min: from, max: from + span };
}

/** The indexes of steps whose date is written: at most `most`, evenly apart, the last one among them. */
export function labelled(count: number, most = 6): number[] {
  const every = Math.ceil(count / most);
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => (count - 1 - index) % every === 0,
  );
}
