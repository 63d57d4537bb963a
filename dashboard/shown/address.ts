import { page } from "../page.ts";

/**
 * What a view shows, as its address says it: the API's own names and values, so that the address is the question. What
 * is usual is left out of the address; what nobody offers is passed on, for the API to refuse in its own words.
 */
export interface Shown {
  /** One of the API's names; null where `from` and `to` are given. */
  period: string | null;
  from: string | null;
  to: string | null;
  /** `none` is of the address alone: the API then is not asked to compare. */
  compare: string;
  /** null: the workspace's. */
  timeZone: string | null;
  interval: string;
  /** The dimension of the breakdown. */
  by: string;
  /** Such as ["property[plan]", "pro,free"]. */
  filters: readonly (readonly [name: string, values: string])[];
}

/** What a view shows when its address says nothing. */
export type Usual = Pick<Shown, "period" | "interval">;

const filterName = /^(channel|locale|survey|kind|property\[[^\]]+\])$/;

export function readAddress(query: string, usual: Usual): Shown {
  const given = new URLSearchParams(query);
  const range = given.has("from") || given.has("to");
  return {
    period: range ? null : (given.get("period") ?? usual.period),
    from: given.get("from"),
    to: given.get("to"),
    compare: given.get("compare") ?? "previous",
    timeZone: given.get("time_zone"),
    interval: given.get("interval") ?? usual.interval,
    by: given.get("by") ?? "channel",
    filters: [...given].filter(([name, values]) => filterName.test(name) && values !== ""),
  };
}

/** The parameters that are not null, with `property[plan]` and commas left readable. */
function written(parameters: readonly (readonly [string, string | null])[]): string {
  const query = new URLSearchParams(parameters.filter((one): one is [string, string] => one[1] !== null));
  return query.toString().replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%2C", ",");
}

const unlessUsual = (value: string | null, usual: string | null) => (value === usual ? null : value);

/** The query of the address, with its question mark; "" where everything is as usual. */
export function writeAddress(shown: Shown, usual: Usual): string {
  const query = written([
    ["period", unlessUsual(shown.period, usual.period)],
    ["from", shown.from],
    ["to", shown.to],
    ["compare", unlessUsual(shown.compare, "previous")],
    ["time_zone", shown.timeZone],
    ["interval", unlessUsual(shown.interval, usual.interval)],
    ["by", unlessUsual(shown.by, "channel")],
    ...shown.filters,
  ]);
  return query && `?${query}`;
}

/** The question to the API: what is shown, and what the figure itself needs. */
export const question = (path: string, shown: Shown, own: Readonly<Record<string, string>> = {}): string =>
  `${path}?${written([
    ["period", shown.period],
    ["from", shown.from],
    ["to", shown.to],
    ["time_zone", shown.timeZone],
    ...(own.compare === undefined && shown.compare !== "none" ? [["compare", shown.compare] as const] : []),
    ...shown.filters,
    ...Object.entries(own).filter(([, value]) => value !== ""),
  ])}`;

/** The values of a filter, as the API reads them: one that has a comma itself stands in double quotes. */
export const valuesOf = (list: string): string[] =>
  [...list.matchAll(/(?:^|,)(?: *"((?:[^"]|"")*)" *(?=,|$)|([^,]*))/g)].map(([, quoted, plain = ""]) =>
    (quoted?.replaceAll('""', '"') ?? plain).trim(),
  );

/** The IANA zone in which days are cut and dates are written. */
export const zoneOf = (shown: Shown): string => shown.timeZone ?? page.workspace.timeZone;

/** The filters with one changed; no values remove it. */
export const withFilter = (shown: Shown, name: string, values: readonly string[]): Shown => ({
  ...shown,
  filters: [
    ...shown.filters.filter(([other]) => other !== name),
    ...(values.length > 0 ? [[name, values.join(",")] as const] : []),
  ],
});
