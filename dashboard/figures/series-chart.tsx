import { useRef, useState } from "preact/hooks";
import { Count, Figure, numbers, say, t } from "../words.tsx";
import { enough, type Step, type Unit } from "./model/answers.ts";
import type { Dates } from "./model/dates.ts";
import { axisOf, labelled, linesOf } from "./model/lines.ts";
import type { Ends } from "./model/scale.ts";

export interface SeriesProps {
  points: readonly Step[];
  /** The steps of the period before, paired off one by one. */
  past: readonly Step[];
  unit: Unit;
  scale: Ends;
  interval: string;
  dates: Dates;
  /** Unix ms when the series was current: a step that ends later is not over. */
  at: number;
}

const box = { width: 1000, height: 264 };
/** From here on whiskers stand so close that they would hide the line: they are drawn faintly. */
const manySteps = 45;

/** The unit of a figure, after it: a percent sign, or nothing. */
export const sign = (unit: Unit) => (unit === "percent" ? "\u00a0%" : "");

/** The name of a step; the one that is not over says since when. */
export function stepName({ interval, dates, at }: SeriesProps, step: Step): string {
  const from = Date.parse(step.from);
  if (Date.parse(step.to) > at && from <= at && interval === "week")
    return t("step.this-week", { date: dates.day(from) });
  const whole = Date.parse(step.to) - from > 6 * 86_400_000;
  return interval === "week" && whole
    ? t("step.week", { date: dates.day(from) })
    : dates.step(step, interval);
}

/** What a screen reader says of a step: value with unit, interval, number of answers. */
function stepSaid(series: SeriesProps, step: Step): string {
  const { unit } = series;
  const values = { step: stepName(series, step), n: step.n };
  if (step.score === null) return t("step.said.none", values);
  const score = numbers().score(step.score, unit, true);
  const said = { ...values, score: t(`said.${unit}`, { score }) };
  if (!step.interval) return t("step.said.bare", said);
  const { low, high } = step.interval;
  const ends = { low: numbers().score(low, unit), high: numbers().score(high, unit) };
  return t("step.said", { ...said, ...ends });
}

/** A series over time: its line, its intervals, the period before, and how many answered. Read by pointer and by keys. */
export function SeriesChart(series: SeriesProps) {
  const { points, past, unit, scale, at } = series;
  const plot = useRef<HTMLDivElement>(null);
  const last = points.findLastIndex(({ n }) => n > 0);
  const [chosen, setChosen] = useState(Number.MAX_SAFE_INTEGER);
  const now = Math.max(0, Math.min(chosen, chosen > points.length ? last : points.length - 1));
  const axis = axisOf(scale, points, past);
  const running = Date.parse(points.at(-1)?.to ?? "") > at;
  const { band, line, open, whiskers, past: before, dots } = linesOf({ points, past, axis, box, running });
  const step = points[now];
  const mostAnswers = Math.max(1, ...points.map(({ n }) => n));
  const read = (event: PointerEvent) => {
    const bounds = plot.current?.getBoundingClientRect();
    if (!bounds) return;
    const along = (event.clientX - bounds.left) / bounds.width;
    const fromStart = document.documentElement.dir === "rtl" ? 1 - along : along;
    setChosen(Math.max(0, Math.min(points.length - 1, Math.floor(fromStart * points.length))));
  };
  const place = (index: number) => ({ insetInlineStart: `${(100 * (index + 0.5)) / points.length}%` });
  return (
    <figure class="chart">
      {step && <Readout series={series} step={step} before={past[now]} />}
      <div class="plot" ref={plot} onPointerMove={read} onPointerDown={read}>
        {axis.ticks.map((tick, index) => (
          <div
            key={tick}
            class="tick"
            style={{ insetBlockEnd: `${(100 * (tick - axis.min)) / (axis.max - axis.min)}%` }}
            aria-hidden="true"
          >
            <span>
              <Figure>
                {tickText(tick, unit, axis.ticks)}
                {index === axis.ticks.length - 1 && sign(unit)}
              </Figure>
            </span>
          </div>
        ))}
        <svg
          class={points.length > manySteps ? "flip dense" : "flip"}
          viewBox={`0 0 ${box.width} ${box.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path class="band" d={band} />
          <path class="past" d={before} />
          <path class="line" d={line} />
          <path class="line open" d={open} />
          <path class="whisk" d={whiskers} />
          {dots.map(({ at: d, hollow }) => [
            <path key={d} class="pt" d={d} />,
            hollow && <path key={`${d} in`} class="pt in" d={d} />,
          ])}
        </svg>
        <div class="cross" style={place(now)} />
        <input
          class="reader"
          type="range"
          min={0}
          max={Math.max(0, points.length - 1)}
          value={now}
          aria-label={t("chart.reader")}
          aria-valuetext={step && stepSaid(series, step)}
          onInput={({ currentTarget }) => setChosen(currentTarget.valueAsNumber)}
        />
      </div>
      <div class="vol" aria-hidden="true">
        {points.map(({ n, from }, index) => (
          <i key={from} class={index === now ? "on" : ""} style={{ "--v": (100 * n) / mostAnswers }} />
        ))}
        <span>
          <Figure>n {numbers().count(mostAnswers)}</Figure>
        </span>
      </div>
      <div class="xaxis" aria-hidden="true">
        {labelled(points.length).map((index) => (
          <span key={index} style={place(index)}>
            {xName(series, points[index])}
          </span>
        ))}
      </div>
      <Legend interval={series.interval} compared={before !== ""} />
    </figure>
  );
}

/** As many decimals as the steps of the axis need. */
function tickText(tick: number, unit: Unit, ticks: readonly number[]): string {
  const whole = ticks.every(Number.isInteger);
  const { score, count } = numbers();
  return whole && unit === "rating" ? count(tick) : score(tick, unit, !whole);
}

function xName({ dates, interval }: SeriesProps, step: Step | undefined): string {
  if (!step) return "";
  return interval === "month" || interval === "year"
    ? dates.step(step, interval)
    : dates.day(Date.parse(step.from));
}

interface ReadoutProps {
  series: SeriesProps;
  step: Step;
  before: Step | undefined;
}

/** The step that is read, in a line above the chart: nothing lies over the data. */
const Readout = ({ series, step, before }: ReadoutProps) => {
  const { unit } = series;
  const written = (value: number) => <Figure>{numbers().score(value, unit, true) + sign(unit)}</Figure>;
  const whole = (value: number) => <Figure>{numbers().score(value, unit)}</Figure>;
  return (
    <output class="readout" aria-live="off">
      <b>{stepName(series, step)}</b>
      {step.score !== null && (
        <span>
          <b>{written(step.score)}</b>
          {step.interval &&
            say("readout.interval", { low: whole(step.interval.low), high: whole(step.interval.high) })}
        </span>
      )}
      <span>{step.n < enough ? say("readout.few", { n: <Count n={step.n} /> }) : <Count n={step.n} />}</span>
      {before && before.score !== null && (
        <span>{say("readout.before", { score: written(before.score) })}</span>
      )}
    </output>
  );
};

/** What is drawn. `compared`: the period before among it. */
const Legend = ({ interval, compared }: { interval: string; compared: boolean }) => (
  <div class="legend">
    <span>
      <svg viewBox="0 0 22 10" aria-hidden="true">
        <rect class="band" width="22" height="10" rx="2" />
        <path class="line" d="M0 5h22" />
      </svg>
      {t(interval === "day" ? "legend.day" : interval === "month" ? "legend.month" : "legend.week")}
    </span>
    {compared && (
      <span>
        <svg viewBox="0 0 22 10" aria-hidden="true">
          <path class="past" d="M0 5h22" />
        </svg>
        {t("legend.before")}
      </span>
    )}
    <span>
      <svg viewBox="0 0 22 10" aria-hidden="true">
        <path class="pt" d="M11 5h0" />
        <path class="pt in" d="M11 5h0" />
      </svg>
      {t("legend.few", { n: enough })}
    </span>
  </div>
);
