import { beforeEach, expect, test } from "vitest";
import type { Ask } from "../../../shared/contract/ask.ts";
import { SavedSurvey, Survey } from "../../../shared/contract/surveys/surveys.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const set = (json: object, survey = workspace.surveys.nps) =>
  requestUnlimited(`/v1/surveys/${survey}`, { method: "PATCH", key: workspace.write, json });
const asked = async (locale = "en"): Promise<Ask> => {
  const path = `/v1/ask?touchpoint=relationship&locale=${locale}`;
  return (await requestUnlimited(path, { key: workspace.publishable })).json<Ask>();
};
const choice = (id: string, en = id, de = id) => ({ id, texts: { en, de } });
const question = (en: string) => ({ en: { question: en } });

const flow = {
  look: "numbers",
  steps: [
    {
      id: "why",
      kind: "choices",
      texts: { en: { question: "Why?" }, de: { question: "Warum?" } },
      choices: [choice("price", "Price", "Preis"), choice("speed", "Speed", "Tempo")],
      when: [{ bucket: ["detractor", "passive"] }],
    },
    {
      id: "again",
      kind: "rating",
      texts: question("Again?"),
      scale: { min: 1, max: 3 },
      when: [{ step: "why", is: ["price"] }],
    },
    {
      id: "comment",
      kind: "text",
      texts: {},
      when: [{ step: "again", is: [1, 2] }, { bucket: ["detractor"] }],
    },
  ],
  thanks: [
    {
      buckets: ["detractor"],
      texts: { en: { text: "Sorry", link: "Talk to us" } },
      url: "https://a.example/talk",
    },
    { buckets: ["promoter", "passive"], texts: { en: { text: "Great" }, de: { text: "Toll" } }, url: null },
  ],
};

test("look, steps and thanks are read back as they were given, and what is left out stays", async () => {
  const changed = Survey.parse(await (await set(flow)).json());
  expect(changed).toMatchObject(flow);
  await set({ name: "renamed" });
  const path = `/v1/surveys/${workspace.surveys.nps}`;
  const read = async () => Survey.parse(await (await requestUnlimited(path, { key: workspace.read })).json());
  expect(await read()).toEqual({ ...changed, name: "renamed" });
  const json = { name: "new", kind: "nps", subject: "us", ...flow };
  const created = await requestUnlimited("/v1/surveys", { key: workspace.write, json });
  expect(await created.json()).toMatchObject(flow);
  await set({ look: null, steps: null, thanks: [] });
  expect(await read()).toMatchObject({ look: null, steps: null, thanks: [] });
});

test("a page is told the steps and thanks in one language, with ratings in place of buckets", async () => {
  await set(flow);
  const { steps, thanks, texts } = await asked();
  const detractors = [0, 1, 2, 3, 4, 5, 6];
  expect(steps).toEqual([
    {
      id: "why",
      kind: "choices",
      question: "Why?",
      choices: [
        ["price", "Price"],
        ["speed", "Speed"],
      ],
      when: [{ is: [...detractors, 7, 8] }],
    },
    {
      id: "again",
      kind: "rating",
      question: "Again?",
      when: [{ step: "why", is: ["price"] }],
      scale: [1, 2, 3].map((rating) => ({ rating, text: String(rating), label: `${rating} of 3` })),
    },
    {
      id: "comment",
      kind: "text",
      question: "What is the main reason for your rating?",
      when: [{ step: "again", is: [1, 2] }, { is: detractors }],
    },
  ]);
  expect(thanks).toEqual([
    { is: detractors, text: "Sorry", link: { text: "Talk to us", url: "https://a.example/talk" } },
    { is: [7, 8, 9, 10], text: "Great" },
  ]);
  expect(texts).toMatchObject({ next: "Next", many: "Choose all that apply" });
  const german = await asked("de");
  expect(german.steps?.map((step) => step.question)).toEqual([
    "Warum?",
    "Again?",
    "Was ist der wichtigste Grund für Ihre Bewertung?",
  ]);
  expect(german.steps?.[0]?.choices).toEqual([
    ["price", "Preis"],
    ["speed", "Tempo"],
  ]);
  expect(german.thanks?.map(({ text }) => text)).toEqual(["Sorry", "Toll"]);
  expect(german.texts.next).toBe("Weiter");
});

test("no step at all is said, and one free comment is not", async () => {
  expect(await asked()).not.toHaveProperty("steps");
  await set({ steps: [] });
  const { steps, texts } = await asked();
  expect(steps).toEqual([]);
  expect(texts).not.toHaveProperty("next");
});

const step = (fields: object) => ({ steps: [{ id: "a", kind: "text", texts: question("A?"), ...fields }] });
const chosen = { id: "a", kind: "choice", texts: question("A?"), choices: [choice("x"), choice("y")] };
const second = (when: object, first: object = chosen) => ({
  steps: [first, { id: "b", kind: "text", texts: question("B?"), when: [when] }],
});
const thank = (fields: object) => ({
  thanks: [{ buckets: ["passive"], texts: { en: { text: "a" } }, ...fields }],
});
const refusals: Refusal[] = [
  ["an unknown look", { look: "hearts" }, ["/look"]],
  ["thumbs for eleven ratings", { look: "thumbs" }, ["/look"]],
  [
    "words of a rating beyond the scale",
    { texts: { en: { ratings: { "11": "x" } } } },
    ["/texts/en/ratings/11"],
  ],
  ["words of no rating", { texts: { en: { ratings: { x: "x" } } } }, ["/texts/en/ratings/x"]],
  ["six steps", { steps: Array(6).fill({ id: "a", kind: "text", texts: question("A?") }) }, ["/steps"]],
  ["an id of capitals", step({ id: "A" }), ["/steps/0/id"]],
  ["an id that is taken", { steps: [chosen, chosen] }, ["/steps/1/id"]],
  ["an unknown kind", step({ kind: "matrix" }), ["/steps/0/kind"]],
  ["no words", step({ texts: {} }), ["/steps/0/texts"]],
  ["a comment to choose", step({ ...chosen, id: "comment" }), ["/steps/0/kind"]],
  ["nothing to choose", step({ kind: "choice" }), ["/steps/0/choices"]],
  ["one choice", step({ kind: "choice", choices: [choice("x")] }), ["/steps/0/choices"]],
  ["choices of a text", step({ choices: [choice("x"), choice("y")] }), ["/steps/0/choices"]],
  ["a choice twice", step({ ...chosen, choices: [choice("x"), choice("x")] }), ["/steps/0/choices/1/id"]],
  ["a scale of a text", step({ scale: { min: 0, max: 3 } }), ["/steps/0/scale"]],
  ["a scale upside down", step({ kind: "rating", scale: { min: 3, max: 3 } }), ["/steps/0/scale/max"]],
  [
    "a bucket of another kind",
    step({ when: [{ bucket: ["passive", "satisfied"] }] }),
    ["/steps/0/when/0/bucket/1"],
  ],
  ["a step that comes later", step({ when: [{ step: "b", is: ["x"] }] }), ["/steps/0/when/0/step"]],
  ["the step itself", step({ ...chosen, when: [{ step: "a", is: ["x"] }] }), ["/steps/0/when/0/step"]],
  ["an answer that is no choice", second({ step: "a", is: ["x", "z"] }), ["/steps/1/when/0/is/1"]],
  [
    "an answer to a text",
    second({ step: "a", is: ["x"] }, { ...step({}).steps[0] }),
    ["/steps/1/when/0/step"],
  ],
  ["an unknown bucket of thanks", thank({ buckets: ["happy"] }), ["/thanks/0/buckets/0"]],
  [
    "a link without https",
    thank({ url: "http://a.example", texts: { en: { text: "a", link: "b" } } }),
    ["/thanks/0/url"],
  ],
  [
    "a link that runs",
    thank({ url: "javascript:alert(1)", texts: { en: { text: "a", link: "b" } } }),
    ["/thanks/0/url", "/thanks/0/url"],
  ],
  ["a link without words", thank({ url: "https://a.example" }), ["/thanks/0/texts/en/link"]],
  ["words of no link", thank({ texts: { en: { text: "a", link: "b" } } }), ["/thanks/0/texts/en/link"]],
  ["thanks without words", thank({ texts: {} }), ["/thanks/0/texts"]],
];
test("each wrong part of what follows a rating is refused by its place", async () => {
  for (const [what, json, pointers] of refusals)
    await expectProblem(await set(Object(json)), "invalid-input", pointers, what);
  const { csat } = workspace.surveys;
  const neutral = {
    steps: [{ id: "a", kind: "text", texts: question("A?"), when: [{ bucket: ["neutral"] }] }],
  };
  expect((await set(neutral, csat)).status).toBe(200);
});

test("thanks that lead only some customers to a page are taken with a warning about review gating", async () => {
  const link = (buckets: string[], url: string) => ({
    buckets,
    texts: { en: { text: "a", link: "b" } },
    url,
  });
  const review = "https://reviews.example/shop";
  const warned = async (thanks: object[]) => SavedSurvey.parse(await (await set({ thanks })).json()).warnings;
  const all = ["detractor", "passive", "promoter"];
  expect(await warned([])).toBeUndefined();
  expect(await warned([link(all, review)])).toBeUndefined();
  expect(await warned([link(["promoter"], review), link(["passive", "detractor"], review)])).toBeUndefined();
  for (const gate of [
    [link(["promoter"], review)],
    [link(["promoter"], review), link(all, "https://shop.example/help")],
  ])
    expect(await warned(gate)).toEqual([expect.stringContaining("review gating")]);
  // The first match is shown, so the second is never seen.
  expect(await warned([link(all, review), link(["promoter"], "https://other.example")])).toBeUndefined();
});
