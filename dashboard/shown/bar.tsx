import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { type Dates, datesIn } from "../figures/model/dates.ts";
import { Icon } from "../frame/icons.tsx";
import { useKeys } from "../frame/keys.ts";
import { page } from "../page.ts";
import { locale, say, t, word } from "../words.tsx";
import { readAddress, type Shown, type Usual, withFilter, writeAddress, zoneOf } from "./address.ts";
import { FilterForm, RangeForm } from "./forms.tsx";
import { Pick, Pop, Seg } from "./pick.tsx";

/** The periods that a view offers; the address takes all that the API has. */
type Period = "7d" | "30d" | "90d" | "this_quarter" | "this_year";

/** What the address says is shown, and a way to show something else. A choice can be gone back from. */
export function useShown(usual: Usual): [shown: Shown, show: (change: Partial<Shown>) => void] {
  const { url, path, route } = useLocation();
  const shown = readAddress(url.split("?")[1] ?? "", usual);
  return [shown, (change) => route(path + writeAddress({ ...shown, ...change }, usual))];
}

const hourMs = 3_600_000;

/** How dates are written in the zone that is asked for. An hour later "today" may be another day. */
export function useDates(shown: Shown): Dates {
  const zone = zoneOf(shown);
  const hour = Math.floor(Date.now() / hourMs);
  return useMemo(() => datesIn(locale(), zone, Date.now()), [zone, hour]);
}

interface ShownBarProps {
  shown: Shown;
  show: (change: Partial<Shown>) => void;
  periods: readonly Period[];
}

/** What a comparison is with, in words: "the 30 days before". */
export function againstWhat({ compare, period }: Shown): string {
  if (compare === "year_ago") return t("against.year");
  if (compare === "none") return t("against.nothing");
  const n = Number(/^(\d+)d$/.exec(period ?? "")?.[1]);
  if (n) return t("against.days", { n });
  return period === "this_quarter" || period === "this_year" ? t(`against.${period}`) : t("against.period");
}

function periodName(period: Period) {
  if (period === "this_quarter") return t("period.quarter");
  if (period === "this_year") return t("period.year");
  return say("period.days", { n: Number.parseInt(period, 10) });
}

/** Europe/Berlin as people say it: Berlin. */
const cityOf = (zone: string) => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

/** Period, comparison, zone and filters: what every figure of the view is of. */
export function ShownBar({ shown, show, periods }: ShownBarProps) {
  const zone = zoneOf(shown);
  const setPeriod = (period: string) => show({ period, from: null, to: null });
  useKeys({
    1: () => setPeriod("7d"),
    2: () => setPeriod("30d"),
    3: () => setPeriod("90d"),
    p: () => show({ compare: shown.compare === "none" ? "previous" : "none" }),
  });
  const dates = useDates(shown);
  const range =
    shown.from && shown.to
      ? // The end is exclusive, and people read the last day.
        dates.range(
          Date.parse(`${shown.from.slice(0, 10)}T12:00Z`),
          Date.parse(`${shown.to.slice(0, 10)}T12:00Z`) - 86_400_000,
        )
      : t("period.custom");
  return (
    <fieldset class="scroll" aria-label={t("shown")}>
      <Seg
        label={t("period")}
        value={shown.period ?? ""}
        onChange={setPeriod}
        options={periods.map((period) => [period, periodName(period)])}
      >
        <Pop label={range} pressed={shown.period === null}>
          {(close) => (
            <RangeForm
              shown={shown}
              done={(from, to) => {
                close();
                show({ period: null, from, to });
              }}
            />
          )}
        </Pop>
      </Seg>
      <Pick
        label={t("against")}
        value={shown.compare}
        shown={againstWhat(shown)}
        options={() =>
          ["previous", "year_ago", "none"].map((compare) => [compare, againstWhat({ ...shown, compare })])
        }
        onChange={(compare) => show({ compare })}
      />
      <Pick
        label={t("in-zone")}
        value={zone}
        shown={<bdi>{cityOf(zone)}</bdi>}
        options={() =>
          [...new Set(["UTC", page.workspace.timeZone, ...Intl.supportedValuesOf("timeZone")])].map((one) => [
            one,
            one.replaceAll("_", " "),
          ])
        }
        onChange={(one) => show({ timeZone: one === page.workspace.timeZone ? null : one })}
      />
      <Pop label={t("filter")} icon="filter" class="pick">
        {(close) => (
          <FilterForm
            shown={shown}
            done={(filters) => {
              close();
              show({ filters });
            }}
          />
        )}
      </Pop>
      {shown.filters.map(([name, values]) => (
        <button
          key={name}
          class="tag accent"
          type="button"
          aria-label={t("filter.remove", { name: filterName(name) })}
          onClick={() => show(withFilter(shown, name, []))}
        >
          <bdi>
            {filterName(name)}: {values.replaceAll(",", ", ")}
          </bdi>
          <Icon name="close" />
        </button>
      ))}
    </fieldset>
  );
}

const filterName = (name: string) => /^property\[(.*)\]$/.exec(name)?.[1] ?? word("dimension", name);
