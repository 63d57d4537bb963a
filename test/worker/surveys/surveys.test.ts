import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Survey } from "../../../shared/contract/surveys/surveys.ts";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

const Page = z.object({ data: z.array(Survey), next_cursor: z.string().nullable() });
const plain = { name: "After checkout", kind: "csat", subject: "your order" };
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const create = (fields: object) =>
  request("/v1/surveys", { key: workspace.write, json: { ...plain, ...fields } });
const change = (id: string, json: unknown) =>
  request(`/v1/surveys/${id}`, { method: "PATCH", key: workspace.write, json });
const read = async (id: string, key = workspace.read) => request(`/v1/surveys/${id}`, { key });

async function created(fields: object = {}) {
  const answer = await create(fields);
  expect(answer.status).toBe(201);
  return Survey.parse(await answer.json());
}

test("a created survey is read back as it was answered", async () => {
  const texts = {
    en: { question: "How was it?", low: "bad", high: "good" },
    "pt-BR": { thanks: "Obrigado" },
  };
  const survey = await created({ scale_max: 7, satisfied_from: 5, locale: "de", texts });
  expect(survey).toMatchObject({
    ...plain,
    scale: { min: 1, max: 7 },
    satisfied_from: 5,
    locale: "de",
    texts,
    archived_at: null,
  });
  expect(survey.id).toMatch(/^srv_[0-9a-z]{26}$/);
  expect(await (await read(survey.id)).json()).toEqual(survey);
});

test.each(Object.entries(KINDS))(
  "a survey of the kind %s may have each of its scales",
  async (name, kind) => {
    const [first] = kind.scales;
    expect(await created({ kind: name })).toMatchObject({ scale: first, satisfied_from: null });
    for (const scale of kind.scales)
      expect(await created({ kind: name, scale_max: scale.max })).toMatchObject({ scale });
    await expectProblem(await create({ kind: name, scale_max: 99 }), "invalid-input", ["/scale_max"]);
    if (!kind.topMovable)
      await expectProblem(await create({ kind: name, satisfied_from: 1 }), "invalid-input", [
        "/satisfied_from",
      ]);
  },
);

test("wording changes, and what is left out stays", async () => {
  const survey = await created({ texts: { en: { low: "bad" } } });
  const renamed = await change(survey.id, { name: "Renamed" });
  expect(await renamed.json()).toEqual({ ...survey, name: "Renamed" });
  const reworded = await change(survey.id, { subject: "us", locale: "fr", texts: { fr: { high: "bien" } } });
  const expected = {
    ...survey,
    name: "Renamed",
    subject: "us",
    locale: "fr",
    texts: { fr: { high: "bien" } },
    version: 2,
    published_at: expect.any(String),
  };
  expect(await reworded.json()).toEqual(expected);
  expect(await (await read(survey.id)).json()).toEqual(expected);
});

test("kind and scale of a survey never change", async () => {
  const survey = await created();
  for (const field of ["kind", "scale_max", "satisfied_from", "id", "archived_at"]) {
    await expectProblem(await change(survey.id, { [field]: 5 }), "invalid-input", [`/${field}`]);
  }
  expect(await (await read(survey.id)).json()).toEqual(survey);
});

const long = (length: number) => "x".repeat(length);
const languages = Object.fromEntries(
  Array.from({ length: 61 }, (_, n) => [`a${String.fromCharCode(97 + (n % 26))}-x${n + 10}`, {}]),
);
const refusals: Refusal[] = [
  ["no name", { name: undefined }, ["/name"]],
  ["a name of white space", { name: "  " }, ["/name"]],
  ["a name of 121 letters", { name: long(121) }, ["/name"]],
  ["a name with NUL", { name: "\0" }, ["/name"]],
  ["a name that is a number", { name: 1 }, ["/name"]],
  ["no kind", { kind: undefined }, ["/kind"]],
  ["an unknown kind", { kind: "stars" }, ["/kind"]],
  ["a kind that every object inherits", { kind: "constructor" }, ["/kind"]],
  ["no subject", { subject: undefined }, ["/subject"]],
  ["a subject with half a surrogate pair", { subject: "\ud800" }, ["/subject"]],
  ["a scale of half a step", { scale_max: 5.5 }, ["/scale_max"]],
  ["satisfaction that starts at the lowest rating", { satisfied_from: 1 }, ["/satisfied_from"]],
  ["satisfaction beyond the scale", { satisfied_from: 6 }, ["/satisfied_from"]],
  ["a locale that is none", { locale: "x" }, ["/locale"]],
  ["texts in a language that is none", { texts: { "<b>": {} } }, ["/texts/<b>"]],
  ["texts of an unknown part", { texts: { en: { title: "x" } } }, ["/texts/en/title"]],
  ["a text of white space", { texts: { en: { low: " " } } }, ["/texts/en/low"]],
  ["a question of 301 letters", { texts: { en: { question: long(301) } } }, ["/texts/en/question"]],
  ["61 languages", { texts: languages }, ["/texts"]],
  ["an unknown field", { colour: "red" }, ["/colour"]],
];
test("each wrong field of a survey is refused by its name, and none is created", async () => {
  for (const [what, fields, pointers] of refusals)
    await expectProblem(await create(Object(fields)), "invalid-input", pointers, what);
  const { data } = Page.parse(await (await request("/v1/surveys", { key: workspace.read })).json());
  expect(data).toHaveLength(3);
});

test("an archived survey is asked no more; it, its responses and its score stay", async () => {
  const { csat } = workspace.surveys;
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 };
  await request("/v1/responses", { key: workspace.publishable, json });
  const archive = () => request(`/v1/surveys/${csat}`, { method: "DELETE", key: workspace.write });
  const first = Survey.parse(await (await archive()).json());
  expect(first.archived_at).not.toBeNull();
  expect(await (await archive()).json()).toEqual(first);
  expect(await (await read(csat)).json()).toEqual(first);
  const asked = await request("/v1/ask?touchpoint=checkout", { key: workspace.publishable });
  expect(asked.status).toBe(204);
  const score = await request("/v1/touchpoints/checkout/score", { key: workspace.read });
  expect(await score.json()).toMatchObject({ n: 1, surveys: [csat] });
});

test("the list walks all surveys once, oldest first, and only those of the workspace", async () => {
  for (let count = 0; count < 4; count += 1) await created({ name: `number ${count}` });
  await newWorkspace();
  const seen: string[] = [];
  let query = "limit=2";
  for (let pages = 0; pages < 4; pages += 1) {
    const answer = await request(`/v1/surveys?${query}`, { key: workspace.read });
    const { data, next_cursor: next } = Page.parse(await answer.json());
    seen.push(...data.map(({ name }) => name));
    expect(next === null).toBe(pages === 3);
    query = `limit=2&cursor=${next}`;
  }
  expect(seen).toEqual(["nps", "csat", "ces", "number 0", "number 1", "number 2", "number 3"]);
});

test("a survey of another workspace is absent, and is not changed", async () => {
  const other = await newWorkspace();
  const { nps } = other.surveys;
  await expectProblem(await read(nps), "not-found");
  await expectProblem(await change(nps, { name: "stolen" }), "not-found");
  const archived = await request(`/v1/surveys/${nps}`, { method: "DELETE", key: workspace.write });
  await expectProblem(archived, "not-found");
  expect(await (await read(nps, other.read)).json()).toMatchObject({ name: "nps", archived_at: null });
});
