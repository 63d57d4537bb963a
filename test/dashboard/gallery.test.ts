import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shownIn, surveyFrom, touchpointFor } from "../../dashboard/gallery/survey.ts";
import { type GalleryWords, TEMPLATES } from "../../dashboard/gallery/templates.ts";
import { galleryIn } from "../../scripts/build/build-dashboard.ts";
import { SurveyInput } from "../../shared/contract/surveys/surveys.ts";
import { TouchpointInput } from "../../shared/contract/surveys/touchpoints.ts";
import { KINDS } from "../../shared/surveys/kinds.ts";

const languages = ["en", "de", "ar"];
const all = Object.fromEntries(
  languages.map((tag) => {
    const templates: unknown = JSON.parse(readFileSync(`dashboard/gallery/words/${tag}.json`, "utf8"));
    return [tag, galleryIn(tag, templates) as GalleryWords];
  }),
);
const chosen = { locale: "de", subject: "Demo shop", question: null };

test("there is a template for each kind, each at a touchpoint of its own", () => {
  const names = (of: (template: (typeof TEMPLATES)[number]) => string) => new Set(TEMPLATES.map(of));
  expect([...names(({ kind }) => kind)].sort()).toEqual(Object.keys(KINDS).sort());
  expect(names(({ touchpoint }) => touchpoint).size).toBe(TEMPLATES.length);
  expect(names(({ id }) => id).size).toBe(TEMPLATES.length);
});

describe.each(languages)("in %s", (tag) => {
  const words = all[tag];

  test("each template has its name, its time, and words for what follows and for nothing else", () => {
    expect(Object.keys(words?.templates ?? {})).toEqual(TEMPLATES.map(({ id }) => id));
    for (const { id, steps } of TEMPLATES) {
      const { name, ask, question, steps: worded = {} } = words?.templates[id] ?? {};
      expect([name, ask].every(Boolean), id).toBe(true);
      // Where one language has words of its own, all have.
      expect([id, question !== undefined]).toEqual([id, all.en?.templates[id]?.question !== undefined]);
      expect(Object.keys(worded)).toEqual(Object.keys(all.en?.templates[id]?.steps ?? {}));
      for (const [step, { choices = {} }] of Object.entries(worded)) {
        const wanted = steps?.find((one) => one.id === step);
        expect(wanted, `${id} ${step}`).toBeDefined();
        expect(Object.keys(choices)).toEqual(wanted?.choices ?? []);
      }
    }
    expect(JSON.stringify(words)).not.toContain("!");
  });

  test("what is shown has the subject put in, and a question for each step", () => {
    for (const template of TEMPLATES) {
      const shown = words && shownIn(template, words, "Demo shop");
      expect(shown?.wording.question).not.toContain("{");
      expect(shown?.follows.length).toBe(template.steps?.length ?? 1);
      for (const { question, choices, ratings } of shown?.follows ?? []) {
        expect(question).not.toBe("");
        expect(choices.every((choice) => choice !== "")).toBe(true);
        expect(ratings).not.toEqual([]);
      }
    }
  });
});

test.each(TEMPLATES.map((template) => [template.id, template] as const))(
  "the survey of %s is one that the API takes, in all its languages",
  (_, template) => {
    const made = surveyFrom(template, all, chosen);
    const survey = SurveyInput.parse(made);
    expect(survey.name).toBe(all.de?.templates[template.id]?.name);
    for (const words of [survey.texts, ...(survey.steps ?? []).map(({ texts }) => texts)])
      expect([0, languages.length]).toContain(Object.keys(words).length);
    TouchpointInput.parse(touchpointFor(template, template.touchpoint, "srv_1"));
  },
);

test("a question that was changed is asked in its language, and the template's in the others", () => {
  const [template] = TEMPLATES.filter(({ id }) => id === "delivery");
  if (!template) throw new Error("no such template");
  const { texts } = surveyFrom(template, all, { ...chosen, question: "Wie war das Paket?" });
  expect(texts).toEqual({
    en: { question: "How satisfied were you with the delivery?" },
    de: { question: "Wie war das Paket?" },
    ar: { question: all.ar?.templates.delivery?.question },
  });
});
