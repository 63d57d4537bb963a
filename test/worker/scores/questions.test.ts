import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { Scores } from "../../../shared/contract/scores.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { excludeResponse, removeResponses } from "../../../worker/responses/db/responses.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { settleBlocks } from "../../../worker/rollup/blocks.ts";
import { drift } from "../../recount.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

const seed = 20_261_125;

function randomFrom(start: number) {
  let state = start;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Answer {
  id: string;
  touchpoint: string;
  rating: number;
  channel: string;
  exclusion: string;
  at: number;
  "property:plan": string;
  "property:team": string;
  locale: string;
}

/** Days over which clocks change, with a breakdown by plan, and half of the past settled into blocks. */
async function seedAnswers(
  workspace: TestWorkspace,
  from: number,
  days: number,
  count: number,
): Promise<Answer[]> {
  const { db, ref } = workspace;
  await env.DB.exec(
    `INSERT INTO breakdowns (ref, workspace_ref, dimension, created_at) VALUES (7, ${ref}, 'property:plan', 0)`,
  );
  await env.DB.exec(
    "INSERT INTO breakdown_values (breakdown_ref, value) VALUES (7, '(none)'), (7, '(other)')",
  );
  const random = randomFrom(seed);
  const { results: places } = await env.DB.prepare(
    "SELECT name, ref, survey_ref FROM touchpoints WHERE workspace_ref = ? ORDER BY ref",
  )
    .bind(ref)
    .all<{ name: string; ref: number; survey_ref: number }>();
  const pick = <Item>(...items: Item[]) => items[random(items.length)] as Item;
  const made = Array.from({ length: count }, (_, n) => {
    const place = places[random(places.length)];
    const properties: NewResponse["properties"] = Object.fromEntries([
      ...pick([], [["plan", "free"]], [["plan", "pro"]]),
      ...pick([], [["team", 5]], [["team", true]]),
    ]);
    const response: NewResponse = {
      id: `r${String(n).padStart(4, "0")}`,
      touchpointRef: place?.ref ?? 0,
      surveyRef: place?.survey_ref ?? 0,
      rating: 1 + random(5),
      comment: null,
      locale: pick("de", "en", null),
      respondent: null,
      revision: 0,
      properties,
      channel: pick("widget" as const, "email" as const),
      answeredAt: from + Math.floor((random(days * 96) * dayMs) / 96) + random(3) - 1,
    };
    return { response, touchpoint: place?.name ?? "" };
  });
  const list = made.map(({ response }) => response);
  await saveResponses(db, ref, list.slice(0, count / 2), from);
  // Later changes must also update what is already settled into blocks.
  await settleBlocks(db, from + (days / 2) * dayMs, 10);
  await saveResponses(db, ref, list.slice(count / 2), from);
  const gone = new Set(list.filter(() => random(12) === 0).map(({ id }) => id));
  await removeResponses(db, ref, [...gone]);
  const answers: Answer[] = [];
  for (const { response, touchpoint } of made) {
    const { id, rating, channel, answeredAt: at, properties, locale } = response;
    if (gone.has(id)) continue;
    const exclusion = random(8) === 0 ? "test" : "";
    if (exclusion) await excludeResponse(db, ref, id, exclusion, from);
    const text = (name: string) => String(properties?.[name] ?? "(none)");
    const named = {
      "property:plan": text("plan"),
      "property:team": text("team"),
      locale: locale ?? "(none)",
    };
    answers.push({ id, touchpoint, rating, channel, exclusion, at, ...named });
  }
  expect(await drift(env.DB)).toEqual([]);
  return answers;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      hourCycle: "h23",
      timeZoneName: "longOffset",
    });
  clocks.set(zone, clock);
  return clock;
}

/** The local unit that contains an instant, by Intl alone. */
function labelOf(zone: string, interval: string, at: number): string {
  const parts = clockOf(zone).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const date = `${part("year")}-${part("month")}-${part("day")}`;
  if (interval === "hour") return `${date} ${part("hour")} ${part("timeZoneName")}`;
  if (interval === "month") return date.slice(0, 7);
  if (interval === "day") return date;
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  return new Date(Date.parse(date) - weekday * dayMs).toISOString().slice(0, 10);
}

const dimensions = ["touchpoint", "channel", "property:plan", "property:team", "locale"] as const;
const zones = [
  "UTC",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Kiritimati",
];
const Question = fc.record({
  zone: fc.constantFrom(...zones, "Etc/GMT+12", "America/New_York"),
  start: fc.integer({ min: -2, max: 38 }),
  length: fc.integer({ min: 1, max: 30 }),
  interval: fc.constantFrom(null, "hour", "day", "week", "month"),
  rolling: fc.boolean(),
  compare: fc.boolean(),
  headline: fc.boolean(),
  groupBy: fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 2 }),
  filter: fc.constantFrom(
    null,
    ["channel", "widget"],
    ["locale", "de,(none)"],
    ["property:plan", "pro"],
    ["property:team", "5,true"],
  ),
});

const ratingsOf = (answers: readonly Answer[]) =>
  [1, 2, 3, 4, 5, 6, 7]
    .map((rating) => answers.filter((one) => one.exclusion === "" && one.rating === rating).length)
    .join(",");
const shown = (figures: {
  distribution?: { rating: number; count: number }[] | undefined;
  ledger?: { received: number } | undefined;
}) => {
  const counts = [1, 2, 3, 4, 5, 6, 7].map(
    (rating) => figures.distribution?.find((one) => one.rating === rating)?.count ?? 0,
  );
  return `${counts.join(",")} of ${figures.ledger?.received}`;
};
const expected = (answers: readonly Answer[]) => `${ratingsOf(answers)} of ${answers.length}`;

const within = (answers: readonly Answer[], { from, to }: { from: string; to: string }) =>
  answers.filter(({ at }) => at >= Date.parse(from) && at < Date.parse(to));
const countedOf = (answers: readonly Answer[]) => answers.filter(({ exclusion }) => !exclusion).length;

test("any question is answered as a recount of the rows in its zone would, whatever it is grouped and filtered by", async () => {
  const workspace = await newWorkspace();
  const origin = Date.parse("2026-10-05T00:00:00Z");
  const answers = await seedAnswers(workspace, origin, 40, 900);
  const sources = new Set<string>();
  const points = { asked: 0, compared: 0 };
  const property = fc.asyncProperty(
    Question,
    async ({ zone, start, length, interval, rolling, compare, headline, groupBy, filter }) => {
      const date = (days: number) => new Date(origin + days * dayMs).toISOString().slice(0, 10);
      const query = new URLSearchParams({ time_zone: zone, from: date(start), to: date(start + length) });
      // Kinds have no common score, so one touchpoint is chosen unless each is its own group.
      if (!groupBy.includes("touchpoint")) query.set("touchpoint", "checkout");
      if (groupBy.length > 0) query.set("group_by", groupBy.join(","));
      if (interval) query.set("interval", interval);
      if (interval && interval !== "hour" && rolling) query.set("rolling", "7d");
      if (interval && headline) query.set("series", "headline");
      if (compare) query.set("compare", "previous");
      if (filter) query.set(filter[0]?.replace(/^property:(.*)$/, "property[$1]") ?? "", filter[1] ?? "");
      const path = `/v1/scores?${query}`;
      const sent = await requestUnlimited(path, { key: workspace.read });
      const json = await sent.json();
      if (sent.status !== 200) throw new Error(`${path} ${JSON.stringify(json)}`);
      const { data, period, source } = z.object(Scores.shape).parse(json);
      sources.add(source);

      const asked = answers.filter((one) => {
        const [name, values] = filter ?? [];
        const passes = !name || (values ?? "").split(",").includes(one[name as keyof Answer] as string);
        return passes && (groupBy.includes("touchpoint") || one.touchpoint === "checkout");
      });
      const groupOf = (one: Answer) =>
        JSON.stringify(Object.fromEntries(groupBy.map((name) => [name, one[name]])));
      const inGroup = (list: readonly Answer[], group: unknown) =>
        list.filter((one) => groupOf(one) === JSON.stringify(group));
      const present = new Set(within(asked, period).map(groupOf));
      for (const group of present)
        expect(
          data.map((one) => JSON.stringify(one.group)),
          path,
        ).toContain(group);
      for (const one of data) {
        const list = inGroup(asked, one.group);
        expect(shown(one), path).toBe(expected(within(list, period)));
        if (one.compare) expect(shown(one.compare), path).toBe(expected(within(list, one.compare.period)));
        const recountSeries = (series: typeof one.series, { from, to }: typeof period) => {
          if (!interval) return expect(series, path).toBeUndefined();
          // Without gaps, from the period's start to its end.
          const starts = series?.map((point) => point.from) ?? [];
          const ends = series?.map((point) => point.to) ?? [];
          expect([...starts, to], path).toEqual([from, ...ends]);
          for (const point of series ?? []) {
            const label = labelOf(zone, interval, Date.parse(point.from));
            const labelled = within(list, { from, to }).filter(
              ({ at }) => labelOf(zone, interval, at) === label,
            );
            if (headline) expect(point.n, `${path} ${label}`).toBe(countedOf(labelled));
            else expect(shown(point), `${path} ${label}`).toBe(expected(labelled));
            expect(point.rolling !== undefined, path).toBe(query.has("rolling"));
            if (point.rolling) {
              const window = within(list, { from: point.rolling.from, to: point.to });
              expect(point.rolling.n, `${path} ${label}`).toBe(countedOf(window));
            }
          }
        };
        recountSeries(one.series, period);
        points.asked += one.series?.length ?? 0;
        if (!one.compare) continue;
        recountSeries(one.compare.series, one.compare.period);
        points.compared += one.compare.series?.length ?? 0;
      }
    },
  );
  await fc.assert(property, { seed, numRuns: 150, endOnFailure: true });
  expect([...sources].sort()).toEqual(["counts", "responses"]);
  expect(points.asked).toBeGreaterThan(2_000);
  expect(points.compared).toBeGreaterThan(1_000);
});

test("a date that a zone skipped has no day, and its neighbours are whole", async () => {
  const workspace = await newWorkspace();
  const answers = await seedAnswers(workspace, Date.parse("2011-12-27T00:00:00Z"), 8, 120);
  const path =
    "/v1/scores?touchpoint=checkout&time_zone=Pacific/Apia&from=2011-12-28&to=2012-01-02&interval=day";
  const sent = await requestUnlimited(path, { key: workspace.read });
  const [total] = z.object(Scores.shape).parse(await sent.json()).data;
  const label = (at: number) => labelOf("Pacific/Apia", "day", at);
  const days = total?.series?.map(({ from }) => label(Date.parse(from)));
  expect(days).toEqual(["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
  const here = answers.filter(({ touchpoint }) => touchpoint === "checkout");
  for (const point of total?.series ?? [])
    expect(shown(point)).toBe(expected(here.filter(({ at }) => label(at) === label(Date.parse(point.from)))));
});
