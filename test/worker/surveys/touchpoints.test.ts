import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Touchpoint } from "../../../shared/contract/surveys/touchpoints.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

const Page = z.object({ data: z.array(Touchpoint), next_cursor: z.string().nullable() });
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const create = (json: unknown, key = workspace.write) => request("/v1/touchpoints", { key, json });
const at = (name: string) => `/v1/touchpoints/${name}`;
const change = (name: string, json: unknown) =>
  request(at(name), { method: "PATCH", key: workspace.write, json });
const read = async (name: string) =>
  Touchpoint.parse(await (await request(at(name), { key: workspace.read })).json());
const asked = async (name: string) =>
  (await request(`/v1/ask?touchpoint=${name}`, { key: workspace.publishable })).status;

test("a created touchpoint is read back by its name", async () => {
  const { ces } = workspace.surveys;
  const answer = await create({ name: "a-1_b.c", survey: ces, delay_seconds: 3600, wait_days: 0 });
  expect(answer.status).toBe(201);
  const touchpoint = Touchpoint.parse(await answer.json());
  expect(touchpoint).toMatchObject({ name: "a-1_b.c", survey: ces, delay_seconds: 3600, wait_days: 0 });
  expect(touchpoint.id).toMatch(/^tp_[0-9a-z]{26}$/);
  expect(await read("a-1_b.c")).toEqual(touchpoint);
});

test("without more than a name nothing is asked, after no delay and at most every 30 days", async () => {
  await create({ name: "bare" });
  expect(await read("bare")).toMatchObject({ survey: null, delay_seconds: 0, wait_days: 30 });
  expect(await asked("bare")).toBe(204);
});

test("a name is taken once in a workspace, and free in another", async () => {
  const answer = await create({ name: "checkout" });
  await expectProblem(answer, "conflict", ["/name"]);
  expect(await read("checkout")).toMatchObject({ survey: workspace.surveys.csat });
  const other = await newWorkspace();
  expect((await create({ name: "only-mine" })).status).toBe(201);
  expect((await create({ name: "only-mine" }, other.write)).status).toBe(201);
});

test("of twenty that create the same name at once, one succeeds", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create({ name: "race" })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
});

test("what is asked changes at once, and what is left out stays", async () => {
  const { csat, nps } = workspace.surveys;
  expect(await asked("checkout")).toBe(200);
  const before = await read("checkout");
  expect(await (await change("checkout", { survey: nps })).json()).toEqual({ ...before, survey: nps });
  const ask = await request("/v1/ask?touchpoint=checkout", { key: workspace.publishable });
  expect(await ask.json()).toMatchObject({ survey: nps });
  await change("checkout", { survey: null, delay_seconds: 9 });
  expect(await asked("checkout")).toBe(204);
  await change("checkout", { survey: csat, wait_days: 1 });
  expect(await read("checkout")).toEqual({ ...before, delay_seconds: 9, wait_days: 1 });
  await change("checkout", {});
  expect(await read("checkout")).toEqual({ ...before, delay_seconds: 9, wait_days: 1 });
});

test("an archived touchpoint asks nothing; it and its score stay", async () => {
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 };
  await request("/v1/responses", { key: workspace.publishable, json });
  const archive = () => request(at("checkout"), { method: "DELETE", key: workspace.write });
  const first = Touchpoint.parse(await (await archive()).json());
  expect(first.archived_at).not.toBeNull();
  expect(await (await archive()).json()).toEqual(first);
  expect(await asked("checkout")).toBe(204);
  const score = await request(`${at("checkout")}/score`, { key: workspace.read });
  expect(await score.json()).toMatchObject({ n: 1 });
});

const refusals: Refusal[] = [
  ["no name", {}, ["/name"]],
  ["a name with capitals", { name: "Checkout" }, ["/name"]],
  ["a name with a slash", { name: "a/b" }, ["/name"]],
  ["a name that starts with a dot", { name: ".a" }, ["/name"]],
  ["a name of 65 letters", { name: "x".repeat(65) }, ["/name"]],
  ["a name with a line break at its end", { name: "a\n" }, ["/name"]],
  ["an unknown survey", { name: "a", survey: "srv_nothing" }, ["/survey"]],
  ["a survey that is no text", { name: "a", survey: 1 }, ["/survey"]],
  ["a negative delay", { name: "a", delay_seconds: -1 }, ["/delay_seconds"]],
  ["a delay beyond an hour", { name: "a", delay_seconds: 3601 }, ["/delay_seconds"]],
  ["half a day", { name: "a", wait_days: 0.5 }, ["/wait_days"]],
  ["more than a year", { name: "a", wait_days: 366 }, ["/wait_days"]],
  ["days as text", { name: "a", wait_days: "1" }, ["/wait_days"]],
  ["an unknown field", { name: "a", channel: "widget" }, ["/channel"]],
];
test("each wrong field of a touchpoint is refused by its name", async () => {
  for (const [what, json, pointers] of refusals)
    await expectProblem(await create(json), "invalid-input", pointers, what);
});

test("a change that is refused changes nothing", async () => {
  const before = await read("checkout");
  await expectProblem(await change("checkout", { name: "b" }), "invalid-input", ["/name"]);
  await expectProblem(await change("checkout", { survey: "srv_nothing" }), "invalid-input", ["/survey"]);
  await expectProblem(await change("checkout", { wait_days: null }), "invalid-input", ["/wait_days"]);
  expect(await read("checkout")).toEqual(before);
});

test("the survey of another workspace can be asked nowhere here", async () => {
  const other = await newWorkspace();
  const { nps } = other.surveys;
  await expectProblem(await create({ name: "a", survey: nps }), "invalid-input", ["/survey"]);
  await expectProblem(await change("checkout", { survey: nps }), "invalid-input", ["/survey"]);
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5, survey: nps };
  const answer = await request("/v1/responses", { key: workspace.publishable, json });
  await expectProblem(answer, "invalid-input", ["/survey"]);
});

test("a touchpoint that only another workspace has is absent", async () => {
  const other = await newWorkspace();
  await create({ name: "theirs" }, other.write);
  await expectProblem(await request(at("theirs"), { key: workspace.read }), "not-found");
  await expectProblem(await request(`${at("theirs")}/score`, { key: workspace.read }), "not-found");
  await expectProblem(await change("theirs", { wait_days: 1 }), "not-found");
  const archived = await request(at("theirs"), { method: "DELETE", key: workspace.write });
  await expectProblem(archived, "not-found");
});

test("the list walks all touchpoints once, oldest first, and only those of the workspace", async () => {
  await create({ name: "last" });
  await newWorkspace();
  const page = async (query: string) =>
    Page.parse(await (await request(`/v1/touchpoints?${query}`, { key: workspace.read })).json());
  const first = await page("limit=3");
  const second = await page(`limit=3&cursor=${first.next_cursor}`);
  expect([first, second].map(({ data }) => data.map(({ name }) => name))).toEqual([
    ["relationship", "checkout", "ticket-closed"],
    ["last"],
  ]);
  expect(second.next_cursor).toBeNull();
  const wrong = await request("/v1/touchpoints?offset=1", { key: workspace.read });
  await expectProblem(wrong, "invalid-input", ["?offset"]);
});

test("those whose names begin with a prefix are listed by name, page after page, and only those of the workspace", async () => {
  for (const name of ["shop.b", "shop", "shop-2", "shoq", "sho", "shop_z", "shop9", "a-shop", "shopa"])
    await create({ name });
  const other = await newWorkspace();
  await create({ name: "shop-theirs" }, other.write);
  const found = ["shop", "shop-2", "shop.b", "shop9", "shop_z", "shopa"];
  for (const limit of [1, 2, 3, 6, 100]) {
    const names: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = new URLSearchParams({
        name_prefix: "shop",
        limit: String(limit),
        ...(cursor && { cursor }),
      });
      const answer = await request(`/v1/touchpoints?${query}`, { key: workspace.read });
      const page: z.infer<typeof Page> = Page.parse(await answer.json());
      expect(page.data.length).toBeGreaterThan(0);
      expect(page.data.length).toBeLessThanOrEqual(limit);
      names.push(...page.data.map(({ name }) => name));
      cursor = page.next_cursor;
    }
    expect(names).toEqual(found);
  }
});

test("a prefix that no name begins with finds nothing, and one that none could begin with is refused", async () => {
  const named = (query: Record<string, string>) =>
    request(`/v1/touchpoints?${new URLSearchParams(query)}`, { key: workspace.read });
  for (const name_prefix of ["nowhere", "checkout-", "z".repeat(64)])
    expect(await (await named({ name_prefix })).json()).toEqual({ data: [], next_cursor: null });
  for (const name_prefix of ["", "Check", "a b", "%", "-a", "é", "a\u0000", "x".repeat(65)])
    await expectProblem(await named({ name_prefix }), "invalid-input", ["?name_prefix"], name_prefix);
  const { id } = await read("checkout");
  for (const cursor of [id, "checkout", "name:", "name:relationship", "name:c h", "name:checkout\u0000"])
    await expectProblem(await named({ name_prefix: "c", cursor }), "invalid-input", ["?cursor"], cursor);
  await expectProblem(await named({ cursor: "name:checkout" }), "invalid-input", ["?cursor"]);
});
