import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Breakdown, maxValues } from "../../../shared/contract/breakdowns.ts";
import { Scores } from "../../../shared/contract/scores.ts";
import { continueBreakdowns, countChunk } from "../../../worker/rollup/breakdowns.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { requestUnlimited } from "../workspace.ts";
import { address, erase, respond, send, setUp, workspace } from "./erasures-fixture.ts";

setUp();

const declare = (json: object) => send("POST", "/v1/breakdowns", { dimension: "property:contact", ...json });

async function answer(values: readonly string[]) {
  const responses = values.map((contact) => ({
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 3,
    properties: { contact },
  }));
  await send("POST", "/v1/responses/batch", { responses });
  return responses;
}

/** A full breakdown: some of its values are addresses, and three answers have a value that found no place. */
async function full(...addresses: string[]) {
  await declare({});
  const breakdown = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  await countChunk(workspace.db, breakdown ?? 0, 100);
  const others = Array.from({ length: maxValues - addresses.length }, (_, n) => `v${n}`);
  return answer([...addresses, ...others, "late", "late", "late"]);
}

const late = () => send("GET", "/v1/touchpoints/relationship/score?period=90d&property[contact]=late");
const valuesNow = async () => Breakdown.parse(await send("GET", "/v1/breakdowns/property:contact")).values;

test("an erasure changes no score of others, where its address had a place in a full breakdown", async () => {
  await full(address);
  expect((await late()).n).toBe(3);
  expect(await erase()).toMatchObject({ state: "done", removed: { breakdown_values: 1 } });
  expect((await late()).n).toBe(3);
});

test("nor does the place that it had split a value that was counted among the others", async () => {
  await full(address);
  await erase();
  await respond({ properties: { contact: "late" } });
  expect((await late()).n).toBe(4);
  expect(await drift(env.DB)).toEqual([]);
});

test("nor does it keep an answer of then from being excluded, corrected or erased", async () => {
  const older = (await full(address)).slice(-3).map(({ id }) => `/v1/responses/${id}`);
  await erase();
  await respond({ rating: 9, properties: { contact: "late" } });
  const [excluded = "", corrected = "", erased = ""] = older;
  await send("PATCH", excluded, { excluded: "test" });
  await respond({ id: corrected.split("/").at(-1), rating: 8, revision: 1, properties: { contact: "late" } });
  await send("DELETE", erased);
  expect((await late()).distribution.filter(({ count }: { count: number }) => count)).toEqual([
    { rating: 8, count: 1 },
    { rating: 9, count: 1 },
  ]);
  expect(await drift(env.DB)).toEqual([]);
});

test("several erased values keep a place each, are no values any more, and go with their breakdown", async () => {
  await full(address, `Ann <${address}>`, "bob@shop.example");
  expect(await erase()).toMatchObject({ removed: { breakdown_values: 2 } });
  expect(await erase("bob@shop.example")).toMatchObject({ removed: { breakdown_values: 1 } });
  expect(await erase()).toMatchObject({ removed: { breakdown_values: 0 } });
  expect(await valuesNow()).toBe(maxValues - 3);
  const groups = Scores.parse(
    await send("GET", "/v1/scores?period=90d&touchpoint=relationship&group_by=property:contact"),
  );
  expect(groups.source).toBe("counts");
  const names = groups.data.map(({ group }) => group["property:contact"]);
  // Those of the others, `(other)`, and `(none)` of the erased answers.
  expect(names.length).toBe(maxValues - 3 + 2);
  expect(names.filter((name) => name?.includes("erased"))).toEqual([]);
  // The person may answer again, and is then one of the others.
  await respond({ properties: { contact: address } });
  expect(await valuesNow()).toBe(maxValues - 3);
  expect((await erase()).state).toBe("done");
  expect(await drift(env.DB)).toEqual([]);
  await send("DELETE", "/v1/breakdowns/property:contact");
  while (await continueBreakdowns(workspace.db, 1));
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM breakdown_values").first("n")).toBe(0);
});

test("nor does a breakdown whose listed values are all erased take another list", async () => {
  await declare({ values: [address] });
  const breakdown = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  await countChunk(workspace.db, breakdown ?? 0, 100);
  await answer([address, "late", "late", "late"]);
  await erase();
  const json = { dimension: "property:contact", values: ["late"] };
  await expectProblem(await requestUnlimited("/v1/breakdowns", { key: workspace.write, json }), "conflict");
  expect((await late()).n).toBe(3);
});
