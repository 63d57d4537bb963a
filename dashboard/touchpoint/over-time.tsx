import { useRef, useState } from "preact/hooks";
import type { TouchpointScore } from "../../shared/contract/scores.ts";
import type { Dates } from "../figures/model/dates.ts";
import { wholeScale } from "../figures/model/scale.ts";
import { curlOf } from "../figures/model/table.ts";
import { SeriesChart } from "../figures/series-chart.tsx";
import { SeriesTable, seriesCsv } from "../figures/series-table.tsx";
import { CopyButton, save } from "../frame/asked.tsx";
import { Icon } from "../frame/icons.tsx";
import { useKeys } from "../frame/keys.ts";
import { Seg } from "../shown/pick.tsx";
import { t } from "../words.tsx";

interface OverTimeProps {
  of: TouchpointScore;
  /** The question that it answers. */
  path: string;
  interval: string;
  setInterval: (interval: string) => void;
  dates: Dates;
  at: number;
}

/** The series as a chart or as a table, and how to take it along. */
export const OverTime = ({ of, path, interval, setInterval, dates, at }: OverTimeProps) => {
  const [asTable, setAsTable] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  useKeys({
    t: () => {
      // Of these one goes, and would take the focus with it.
      if (document.activeElement?.matches(".reader, .tablewrap")) toggle.current?.focus();
      setAsTable(!asTable);
    },
  });
  const scale = wholeScale(of);
  const points = of.series ?? [];
  const past = of.compare?.series ?? [];
  return (
    <section class="section" aria-labelledby="over-time">
      <header>
        <h2 id="over-time">{t("chart")}</h2>
        <div class="row wrap">
          <Seg
            label={t("chart.step")}
            value={interval}
            onChange={setInterval}
            options={(["day", "week", "month"] as const).map((one) => [one, t(`interval.${one}`)])}
          />
          <button
            ref={toggle}
            class="btn plain icon"
            type="button"
            aria-pressed={asTable}
            aria-label={t("chart.as-table")}
            title={t("chart.as-table")}
            onClick={() => setAsTable(!asTable)}
          >
            <Icon name="table" />
          </button>
          <button
            class="btn plain"
            type="button"
            onClick={() => save(`${of.touchpoint}.csv`, seriesCsv(points, past))}
          >
            CSV
          </button>
          <CopyButton text={curlOf(location.origin, path)}>curl</CopyButton>
        </div>
      </header>
      {of.unit && scale && of.n > 0 ? (
        asTable ? (
          <SeriesTable {...{ points, past, scale, interval, dates, at }} unit={of.unit} />
        ) : (
          <SeriesChart {...{ points, past, scale, interval, dates, at }} unit={of.unit} />
        )
      ) : (
        <p class="nothing note">{t("cell.none")}</p>
      )}
    </section>
  );
};
