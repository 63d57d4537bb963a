import { Figure, numbers, say, t } from "../words.tsx";
import { type Cell, csvOf } from "./model/table.ts";
import { type SeriesProps, sign, stepName } from "./series-chart.tsx";

/** The same series as a table: what is drawn, to be read and taken along. */
export const SeriesTable = (series: SeriesProps) => {
  const { points, past, unit } = series;
  const score = (value: number | null | undefined) =>
    value == null ? "–" : <Figure>{numbers().score(value, unit, true) + sign(unit)}</Figure>;
  const end = (value: number) => <Figure>{numbers().score(value, unit, true)}</Figure>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys.
    <section class="tablewrap" aria-label={t("table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("table.step")}</th>
            <th scope="col" class="n">
              {t("table.score")}
            </th>
            <th scope="col" class="n">
              {t("table.interval")}
            </th>
            <th scope="col" class="n">
              n
            </th>
            {past.length > 0 && (
              <th scope="col" class="n">
                {t("table.before")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {points.map((step, index) => (
            <tr key={step.from}>
              <th scope="row">{stepName(series, step)}</th>
              <td class="n">{score(step.score)}</td>
              <td class="n quiet">
                {step.interval
                  ? say("interval", { low: end(step.interval.low), high: end(step.interval.high) })
                  : "–"}
              </td>
              <td class="n">
                <Figure>{numbers().count(step.n)}</Figure>
              </td>
              {past.length > 0 && <td class="n quiet">{score(past[index]?.score)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};

/** The table as CSV, unrounded, with the API's names: it goes on to other programs. */
export const seriesCsv = (points: SeriesProps["points"], past: SeriesProps["past"]): string => {
  const rows = points.map((step, index): Cell[] => {
    const { from, to, score, interval, n } = step;
    return [from, to, score, interval?.low ?? null, interval?.high ?? null, n, past[index]?.score ?? null];
  });
  return csvOf([["from", "to", "score", "interval_low", "interval_high", "n", "score_before"], ...rows]);
};
