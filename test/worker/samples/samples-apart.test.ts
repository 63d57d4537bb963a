import { expect, test } from "vitest";
import { Scores } from "../../../shared/contract/scores.ts";
import { expectProblem } from "../problems.ts";
import { answersOf, ask, kinds, load, part, read, setUp, workspace } from "./samples-fixture.ts";

setUp();

const unload = async () => {
  for (const _ of kinds) await part("DELETE");
};

/** Twenty answers at each of two real touchpoints, for the one good and for the other bad. */
async function useTwo(): Promise<void> {
  await read("POST", "/v1/touchpoints", { name: "returns", survey: workspace.surveys.csat });
  const responses = ["checkout", "returns"].flatMap((touchpoint) =>
    Array.from({ length: 20 }, (_, n) => ({
      id: crypto.randomUUID(),
      touchpoint,
      rating: touchpoint === "checkout" ? 5 : (n % 2) + 1,
    })),
  );
  await read("POST", "/v1/responses/batch", { responses });
}
const byTouchpoint = async (query: string) => {
  const scores = Scores.parse(await read("GET", `/v1/scores?period=90d&group_by=touchpoint${query}`));
  const isReal = ({ group }: (typeof scores.data)[number]) => !group.touchpoint?.startsWith("sample-");
  return { ...scores, real: scores.data.filter(isReal), samples: scores.data.filter((one) => !isReal(one)) };
};

test("what a real touchpoint is held against holds no invented answers, and they are held against nothing", async () => {
  await useTwo();
  const queries = ["", "&kind=csat", ",survey", ",channel&kind=csat", ",property:sample&kind=csat"];
  const before = await Promise.all(queries.map(byTouchpoint));
  expect(before[1]?.real[0]).toMatchObject({ group: { touchpoint: "checkout" }, rest: { n: 20, score: 0 } });
  await load();
  for (const [index, query] of queries.entries()) {
    const { real, samples } = await byTouchpoint(query);
    expect(real, query).toEqual(before[index]?.data);
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter(({ rest }) => rest)).toEqual([]);
  }
});

test("nor do invented answers take a real touchpoint's place among the busiest", async () => {
  await useTwo();
  for (const limit of [1, 2]) {
    const before = await byTouchpoint(`&kind=csat&limit=${limit}`);
    await load();
    const { real, samples, more } = await byTouchpoint(`&kind=csat&limit=${limit}`);
    expect([real, more]).toEqual([before.data, 2 - limit]);
    expect(samples.map(({ group }) => group.touchpoint)).toEqual(["sample-csat"]);
    await unload();
  }
});

test("samples and real touchpoints are not added up where both are named", async () => {
  await useTwo();
  await load();
  for (const group of ["", "&group_by=kind", "&group_by=survey,channel"]) {
    const path = `/v1/scores?period=90d&kind=csat&touchpoint=checkout,sample-csat${group}`;
    await expectProblem(await ask("GET", path), "invalid-input", ["?touchpoint"]);
    await expectProblem(await ask("GET", path.replace("scores?", "scores/stream?")), "invalid-input", [
      "?touchpoint",
    ]);
  }
  const apart = await byTouchpoint("&touchpoint=checkout,sample-csat");
  expect(apart.data.map(({ n, rest }) => [n, rest])).toEqual([
    [20, undefined],
    [answersOf, undefined],
  ]);
  const one = await read("GET", "/v1/touchpoints/sample-csat/score?period=90d&group_by=touchpoint");
  expect(one).toMatchObject({ n: answersOf, data: [{ n: answersOf }] });
});
