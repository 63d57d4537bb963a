import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { SavedResponse } from "../../../shared/contract/responses.ts";
import { drift } from "../../recount.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
const id = "01900000-0000-7000-8000-000000000001";
const question = (en: string) => ({ en: { question: en } });
const choice = (id: string) => ({ id, texts: { en: id } });
const steps = [
  { id: "great", kind: "text", texts: question("What is great?"), when: [{ bucket: ["promoter"] }] },
  {
    id: "fault",
    kind: "choice",
    texts: question("What went wrong?"),
    when: [{ bucket: ["detractor"] }],
    choices: [choice("delivery"), choice("price")],
  },
  { id: "late", kind: "text", texts: question("How late?"), when: [{ step: "fault", is: ["delivery"] }] },
  { id: "comment", kind: "text", when: [{ bucket: ["promoter"] }] },
];

const other = { id: "other", kind: "choices", texts: question("And?"), choices: [choice("a"), choice("b")] };
const again = { id: "again", kind: "rating", texts: question("Again?") };

beforeEach(async () => {
  workspace = await newWorkspace();
  await ask([...steps, again]);
});

async function ask(asked: readonly object[]) {
  const json = { steps: asked };
  const path = `/v1/surveys/${workspace.surveys.nps}`;
  await requestUnlimited(path, { method: "PATCH", key: workspace.write, json });
}

async function send(fields: object, key = workspace.publishable) {
  const json = { id, touchpoint: "relationship", rating: 9, ...fields };
  const answer = await requestUnlimited("/v1/responses", { key, json });
  expect(answer.ok).toBe(true);
  const { ignored = [] } = SavedResponse.parse(await answer.json());
  return ignored.map(({ pointer }) => pointer);
}
async function stored() {
  const row = await env.DB.prepare("SELECT rating, comment, answers FROM responses").first<{
    rating: number;
    comment: string | null;
    answers: string | null;
  }>();
  return row && { ...row, answers: row.answers === null ? null : JSON.parse(row.answers) };
}

test("answers to steps that are not asked after this rating are not stored, and the answer names them", async () => {
  for (const key of [workspace.publishable, workspace.write]) {
    const own = { id: crypto.randomUUID(), rating: 2, comment: "Thanks" };
    const ignored = await send(
      { ...own, answers: { great: "Support", fault: "price", late: "a day", again: 1 } },
      key,
    );
    expect(ignored).toEqual(["/answers/great", "/answers/late", "/comment"]);
    const row = await env.DB.prepare("SELECT comment, answers FROM responses WHERE id = ?")
      .bind(own.id)
      .first();
    expect(row).toEqual({ comment: null, answers: JSON.stringify({ fault: "price", again: 1 }) });
  }
});

test("a changed rating takes away what was answered to other questions, whether the message repeats, empties or leaves it out", async () => {
  await ask([...steps.filter(({ id }) => id === "great" || id === "comment"), other, again]);
  const great = { rating: 9, comment: "Thanks", answers: { great: "Support", other: ["a", "b"], again: 4 } };
  for (const [answers, left] of [
    [{ great: "Support" }, {}],
    [{}, {}],
    [undefined, { other: ["a", "b"], again: 4 }],
  ] as const) {
    await env.DB.prepare("DELETE FROM responses").run();
    await send({ ...great, revision: 1 });
    expect(await stored()).toEqual(great);
    await send({ rating: 2, revision: 2, answers });
    expect(await stored()).toEqual({ rating: 2, comment: null, answers: left });
    // Late messages for another rating fill no gaps.
    await send({ ...great, revision: 1 });
    await send({ ...great, revision: 2 });
    expect(await stored()).toEqual({ rating: 2, comment: null, answers: left });
  }
});

test("messages that come together leave what they would one after the other", async () => {
  const messages = [
    { rating: 9, revision: 1, comment: "Thanks", answers: { great: "Support" } },
    { rating: 2, revision: 2, answers: { fault: "delivery", late: "a day" } },
    { rating: 2, revision: 3, answers: { fault: "price", late: "a day" } },
    { rating: 9, revision: 4 },
  ].map((message) => ({ id, touchpoint: "relationship", ...message }));
  const json = { responses: messages };
  const answer = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
  const { results } = z.object({ results: z.array(SavedResponse) }).parse(await answer.json());
  expect(results.map(({ status }) => status)).toEqual(["created", "updated", "updated", "updated"]);
  expect(await stored()).toEqual({ rating: 9, comment: null, answers: {} });
  expect(await drift(env.DB)).toEqual([]);
});

test("an import brings what was asked elsewhere, of whatever rating", async () => {
  const row = { id, touchpoint: "relationship", rating: 2, comment: "Thanks", answers: { great: "Support" } };
  const json = { channel: "import", responses: [row] };
  await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
  expect(await stored()).toEqual({ rating: 2, comment: "Thanks", answers: { great: "Support" } });
});

test("on the page of a survey link another rating takes away what was answered to other questions", async () => {
  const made = await requestUnlimited("/v1/links", {
    key: workspace.write,
    json: { touchpoint: "relationship" },
  });
  const { url } = z.object({ url: z.string() }).parse(await made.json());
  const path = new URL(url).pathname;
  const submit = async (address: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await requestUnlimited(address, { method: "POST", body, headers });
    expect(answer.status).toBe(303);
    return answer.headers.get("location") ?? "";
  };
  const next = await submit(path, { rating: "9" });
  const last = await submit(next, { step: "great", answer: "Support" });
  await submit(last, { step: "comment", answer: "Thanks" });
  expect(await stored()).toEqual({ rating: 9, comment: "Thanks", answers: { great: "Support" } });
  const other = await submit(path, { rating: "2" });
  expect(await stored()).toEqual({ rating: 2, comment: null, answers: {} });
  const then = await submit(other, { step: "fault", answer: "delivery" });
  await submit(then, { step: "late", answer: "a day" });
  expect(await stored()).toEqual({ rating: 2, comment: null, answers: { fault: "delivery", late: "a day" } });
});
