import { expect, test } from "vitest";
import { continueBreakdowns } from "../../../worker/rollup/breakdowns.ts";
import { expectProblem } from "../problems.ts";
import { request } from "../workspace.ts";
import { answer, get, score, scores, series, setUp, workspace } from "./score-answers-fixture.ts";

setUp();

const plans = (ratings: number[], plan: string, fields: object = {}) =>
  answer("checkout", ratings, { properties: { plan }, ...fields });

/** Responses that each claim a value nobody else has. */
const junk = (count: number, fields: (n: number) => object) =>
  Promise.all(Array.from({ length: count }, (_, n) => answer("checkout", [1], fields(n))));

test("groups and points together are bounded", async () => {
  const { write: key, surveys } = workspace;
  for (let n = 0; n < 30; n++) {
    await request("/v1/touchpoints", { key, json: { name: `t${n}`, survey: surveys.csat } });
    await answer(`t${n}`, [5]);
  }
  await plans([5], "pro");
  for (const by of ["touchpoint", "touchpoint,property:plan"])
    await expectProblem(await get(`/v1/scores?group_by=${by}&kind=csat&${series}`), "invalid-input", [
      "?group_by",
    ]);
});

test("values that are too many take no answer away: those with the most responses stay, the others are (other)", async () => {
  await plans([5, 5, 4, 1], "pro");
  await plans([5, 1, 1], "free", { answered_at: "2026-09-10T12:00:00Z" });
  await answer("checkout", [3, 3]);
  const query = `group_by=property:plan&${series}`;
  const before = await score("checkout", query);
  expect(before.data?.map(({ group, n }) => [group["property:plan"], n])).toEqual([
    ["(none)", 2],
    ["free", 3],
    ["pro", 4],
  ]);
  await junk(40, (n) => ({ properties: { plan: `junk${n}` } }));
  const { data = [], n, source } = await score("checkout", query);
  expect([source, n, data.length]).toEqual(["responses", 49, 27]);
  const named = new Map(data.map((group) => [group.group["property:plan"], group]));
  for (const { group, n, distribution, series } of before.data ?? [])
    expect(named.get(group["property:plan"])).toMatchObject({ n, distribution, series });
  // 23 of the 40 have their own group, and 17 are in this one.
  expect(named.get("(other)")).toMatchObject({
    n: 17,
    distribution: expect.arrayContaining([{ rating: 1, count: 17 }]),
    ledger: { received: 17, counted: 17 },
  });
  expect(named.get("(other)")?.series?.reduce((sum, point) => sum + point.n, 0)).toBe(17);
  expect(data.reduce((sum, group) => sum + group.n, 0)).toBe(n);
  // A compared series takes its room too.
  expect((await score("checkout", `${query}&compare=previous`)).data).toHaveLength(13);
  // Without a series there is room for all.
  expect((await score("checkout", "group_by=property:plan&period=all")).data).toHaveLength(43);
});

test("also what a breakdown has learnt is folded, and of two dimensions the value with the fewest responses first", async () => {
  for (const locale of ["de", "en"]) {
    await plans([5, 5, 4, 1], "pro", { locale });
    await plans([5, 1, 1], "free", { locale });
  }
  await junk(20, (n) => ({ locale: n % 2 ? "de" : `x${n}`, properties: { plan: `junk${n}` } }));
  const learnt = { dimension: "property:plan" };
  await request("/v1/breakdowns", { key: workspace.write, json: learnt });
  while (await continueBreakdowns(workspace.db, 5));
  await junk(20, (n) => ({ properties: { plan: `more${n}` } }));
  const one = await score("checkout", `group_by=property:plan&${series}`);
  expect([one.source, one.data?.length]).toEqual(["counts", 27]);
  const namesOf = (groups: typeof one.data = []) =>
    groups.map(({ group, n }) => [...Object.values(group), n]);
  expect(namesOf(one.data)).toEqual(
    expect.arrayContaining([
      ["free", 6],
      ["pro", 8],
      ["(other)", expect.any(Number)],
    ]),
  );
  const two = await scores(`touchpoint=checkout&group_by=property:plan,locale&${series}`);
  expect(two.data.length).toBeLessThanOrEqual(27);
  expect(namesOf(two.data)).toEqual(
    expect.arrayContaining([
      ["free", "de", 3],
      ["free", "en", 3],
      ["pro", "de", 4],
      ["pro", "en", 4],
    ]),
  );
  expect(two.data.reduce((sum, group) => sum + group.n, 0)).toBe(one.n);
  expect(one.data?.reduce((sum, group) => sum + group.n, 0)).toBe(one.n);
});
