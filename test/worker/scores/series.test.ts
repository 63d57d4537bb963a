import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type * as z from "zod";
import type { TouchpointScore } from "../../../shared/contract/scores.ts";
import { WatchedDatabase } from "../watched.ts";
import { request, requestUnlimited } from "../workspace.ts";
import { answer, get, october, score, scores, setUp, workspace } from "./score-answers-fixture.ts";

setUp();

type Series = z.output<typeof TouchpointScore>["series"];

async function answerTwoMonths() {
  await answer("checkout", [5, 4, 1]);
  await answer("checkout", [5, 1], { answered_at: "2026-10-20T12:00:00Z" });
  await answer("checkout", [2, 5, 5], { answered_at: "2026-09-10T12:00:00Z" });
}

test("with series=headline each point, of the compared period too, has its headline and nothing else", async () => {
  await answerTwoMonths();
  const query = `${october}&interval=week&compare=previous&rolling=7d`;
  const headlines = (series: Series) =>
    series?.map(({ from, to, score, n, interval, small_sample, rolling }) => {
      return { from, to, score, n, interval, small_sample, rolling };
    });
  const full = await score("checkout", query);
  expect(full.series?.[1]).toMatchObject({ n: 3, distribution: expect.anything(), ledger: { received: 3 } });
  expect(await score("checkout", `${query}&series=full`)).toEqual(full);
  const { series, compare, ...others } = full;
  expect(await score("checkout", `${query}&series=headline`)).toEqual({
    ...others,
    series: headlines(series),
    compare: { ...compare, series: headlines(compare?.series) },
  });
  const { data } = await scores(`${query}&series=headline&group_by=touchpoint`);
  expect(data[0]?.series).toEqual(headlines(series));
});

test("a table of headlines has no column of what they leave out, without a row too", async () => {
  await answerTwoMonths();
  const headers = async (query: string) => {
    const csv = await get(`/v1/scores?${october}&interval=week&series=headline&format=csv&${query}`);
    const [header, row] = (await csv.text()).split("\r\n");
    return [header, row];
  };
  const columns = "from,to,kind,unit,score,n,low,high,small_sample";
  expect(await headers("rolling=7d")).toEqual([
    `${columns},rolling_score,rolling_n`,
    "2026-10-01T00:00:00.000Z,2026-10-05T00:00:00.000Z,csat,percent,,0,,,true,,0",
  ]);
  expect(await headers("group_by=channel&channel=link")).toEqual([`channel,${columns}`, ""]);
});

test("the compared period has a series of its own, cut in the same zone, with the steps that its calendar has", async () => {
  await answerTwoMonths();
  const steps = async (query: string) => {
    const { series, compare } = await score("checkout", `${query}&compare=previous`);
    return [series?.length, compare?.series?.length];
  };
  const { compare } = await score("checkout", `${october}&interval=day&compare=previous&rolling=7d`);
  expect(compare?.period).toEqual({ from: "2026-08-31T00:00:00.000Z", to: "2026-10-01T00:00:00.000Z" });
  expect(compare?.series).toHaveLength(31);
  expect(compare?.series?.[10]).toMatchObject({
    from: "2026-09-10T00:00:00.000Z",
    n: 3,
    score: expect.closeTo(66.67, 2),
    ledger: { received: 3 },
    rolling: { from: "2026-09-04T00:00:00.000Z", n: 3 },
  });
  expect(compare?.series?.[17]).toMatchObject({ n: 0, rolling: { n: 0 } });
  // From a Sunday on 30 days touch six weeks; those before, from a Friday on, five.
  expect(await steps("from=2026-10-04&to=2026-11-03&interval=week")).toEqual([6, 5]);
  // The clock goes back.
  const day = "from=2026-10-25&to=2026-10-26&interval=hour";
  expect(await steps(`${day}&time_zone=Europe/Berlin`)).toEqual([25, 24]);
  const now = new Date();
  const daysOf = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back + 1, 0)).getUTCDate();
  expect(await steps("period=last_month&interval=day")).toEqual([daysOf(1), daysOf(2)]);
  const leap = await score("checkout", "from=2024-02-01&to=2024-03-01&interval=day&compare=year_ago");
  expect([leap.series?.length, leap.compare?.series?.length]).toEqual([29, 29]);
  expect(leap.compare?.series?.at(-1)?.from).toBe("2023-03-01T00:00:00.000Z");
  expect((await score("checkout", `${october}&compare=previous`)).compare).not.toHaveProperty("series");
});

/** Statements and read rows of a question. */
async function costOf(query: string): Promise<{ statements: number; rows: number }> {
  const cost = { statements: 0, rows: 0 };
  const counting = new WatchedDatabase(env.DB, async (run, statements) => {
    const results = await run();
    cost.statements += statements.length;
    for (const { meta } of [results].flat() as D1Result[]) cost.rows += meta.rows_read;
    return results;
  });
  const sent = await requestUnlimited(`/v1/scores?${query}`, { key: workspace.read }, counting);
  expect(sent.status).toBe(200);
  return cost;
}

test("a compared series takes no statement more, and a day that several parts of the answer need is read once", async () => {
  const responses = Array.from({ length: 90 }, (_, day) => ({
    id: crypto.randomUUID(),
    touchpoint: "checkout",
    rating: 5,
    answered_at: new Date(Date.UTC(2026, 7, 1 + day, 12)).toISOString(),
  }));
  await request("/v1/responses/batch", { key: workspace.write, json: { responses } });
  const asked = "from=2026-10-01&to=2026-10-31&interval=day";
  const alone = await costOf(asked);
  const compared = await costOf(`${asked}&compare=previous`);
  const moving = await costOf(`${asked}&compare=previous&rolling=30d`);
  expect([compared.statements, moving.statements]).toEqual([alone.statements, alone.statements]);
  const thirtyDays = compared.rows - alone.rows;
  expect(thirtyDays).toBeLessThanOrEqual(alone.rows);
  // October's moving scores need 29 days of September, which are there, and those of September 29 days of August.
  expect(moving.rows - compared.rows).toBeLessThan(thirtyDays);
});
