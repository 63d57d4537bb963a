import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Ask, askVersion } from "../../../shared/contract/ask.ts";
import { KINDS, ratingsOf } from "../../../shared/surveys/kinds.ts";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const ask = (query: string, key = workspace.publishable) => request(`/v1/ask?${query}`, { key });
async function asked(query: string): Promise<Ask> {
  const answer = await ask(query);
  expect(answer.status).toBe(200);
  return z.strictObject(Ask.shape).parse(await answer.json());
}
const reword = (texts: object, fields: object = {}) =>
  request(`/v1/surveys/${workspace.surveys.csat}`, {
    method: "PATCH",
    key: workspace.write,
    json: { texts, ...fields },
  });

test("a touchpoint asks its survey, with a button for each rating", async () => {
  const answer = await asked("touchpoint=checkout");
  expect(answer).toMatchObject({
    survey: workspace.surveys.csat,
    touchpoint: "checkout",
    locale: "en",
    direction: "ltr",
    texts: { question: "How satisfied were you with Demo shop?", low: "Very dissatisfied" },
    delay_seconds: 0,
    rules: { clocks: [[30, 1, workspace.surveys.csat]] },
  });
  expect(answer.options.map(({ rating }) => rating)).toEqual([1, 2, 3, 4, 5]);
});

test.each(Object.entries(KINDS))("a survey of the kind %s shows its whole scale", async (name, kind) => {
  for (const scale of kind.scales) {
    const json = { name, kind: name, subject: "us", scale_max: scale.max };
    const created = await request("/v1/surveys", { key: workspace.write, json });
    const { id } = z.object({ id: z.string() }).parse(await created.json());
    await request("/v1/touchpoints/checkout", {
      method: "PATCH",
      key: workspace.write,
      json: { survey: id },
    });
    const { options } = await asked("touchpoint=checkout");
    expect(options.map(({ rating }) => rating)).toEqual(ratingsOf(scale));
    expect(options.every(({ text, label }) => text !== "" && label !== "")).toBe(true);
  }
});

test("everything that is shown is in one language: the wanted, the survey's own, or English", async () => {
  const shown = async (locale: string) => {
    const { locale: chosen, texts, direction } = await asked(`touchpoint=checkout&locale=${locale}`);
    return [chosen, texts.send, direction];
  };
  expect(await shown("de")).toEqual(["de", "Senden", "ltr"]);
  expect(await shown("DE-at")).toEqual(["DE-at", "Senden", "ltr"]);
  expect((await shown("ar"))[2]).toBe("rtl");
  expect(await shown("tlh")).toEqual(["en", "Send", "ltr"]);
  // A page passes on its html element's lang, and a wrong one is no reason not to ask.
  for (const none of ["", "%00", "constructor", "__proto__", "x".repeat(1000)])
    expect(await shown(none), none).toEqual(["en", "Send", "ltr"]);
  await reword({}, { locale: "de" });
  expect(await shown("tlh")).toEqual(["de", "Senden", "ltr"]);
});

test.each([
  ["he", "he", "rtl", "שליחה"],
  ["iw-IL", "he", "rtl", "שליחה"],
  ["ja", "ja", "ltr", "送信"],
  ["zh-TW", "zh-Hant", "ltr", "送出"],
  ["zh", "zh-Hans", "ltr", "提交"],
  ["pt-BR", "pt-BR", "ltr", "Enviar"],
  ["no", "nb", "ltr", "Send"],
])("a page in %s asks in %s, throughout", async (locale, tag, direction, send) => {
  const { texts, ...answer } = await asked(`touchpoint=checkout&locale=${locale}`);
  const { kinds, comment, close, thanks, unsent } = TEXTS[tag] ?? TEXTS.en;
  const { question = "", low, high } = kinds.csat ?? {};
  expect(answer).toMatchObject({ locale, direction });
  expect(texts).toEqual({
    question: question.replace("{subject}", "Demo shop"),
    low,
    high,
    comment,
    send,
    close,
    thanks,
    unsent,
  });
});

test("ratings are written in the digits of the locale, and are the same numbers", async () => {
  const shown = async (locale: string) => {
    const { options } = await asked(`touchpoint=relationship&locale=${locale}`);
    expect(options.map(({ rating }) => rating)).toEqual(ratingsOf({ min: 0, max: 10 }));
    return options.slice(-2).map(({ text, label }) => `${text}: ${label}`);
  };
  expect(await shown("fa")).toEqual(["۹: ۹ از ۱۰", "۱۰: ۱۰ از ۱۰, بسیار محتمل است"]);
  expect((await shown("ar-EG"))[0]).toBe("٩: ٩ من ١٠");
  expect((await shown("ar-MA"))[0]).toBe("9: 9 من 10");
  expect((await shown("hi"))[0]).toBe("9: 10 में से 9");
});

test("a survey's own wording stands in place of Candor's, in its language alone", async () => {
  await reword({
    en: { question: "All good with {subject}, {unknown}?", thanks: "Cheers" },
    "de-AT": { low: "Na" },
  });
  const english = await asked("touchpoint=checkout&locale=en-GB");
  expect(english.texts).toMatchObject({ question: "All good with Demo shop, {unknown}?", thanks: "Cheers" });
  expect((await asked("touchpoint=checkout&locale=de-AT")).texts.low).toBe("Na");
  expect((await asked("touchpoint=checkout&locale=de")).texts).toMatchObject({ low: "Sehr unzufrieden" });
});

test("markup in a survey's wording is passed on as the text that it is", async () => {
  const question = '<img src=x onerror=alert(1)> & "quotes" $& $1';
  await reword({ en: { question } });
  expect((await asked("touchpoint=checkout")).texts.question).toBe(question);
});

test("where nothing is asked the answer is empty, and so it is where no touchpoint is", async () => {
  for (const query of ["touchpoint=nowhere", "touchpoint=checkout"]) {
    if (query === "touchpoint=checkout") {
      const json = { survey: null };
      await request("/v1/touchpoints/checkout", { method: "PATCH", key: workspace.write, json });
    }
    const answer = await ask(query);
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  }
});

test("the answer may be kept for a minute by anyone and read by any page; a refusal is kept by no one", async () => {
  const answer = await ask("touchpoint=checkout");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=60");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("set-cookie")).toBeNull();
  const refused = await ask("touchpoint=checkout", "pk_0000000000000000000000000000000000000000");
  await expectProblem(refused, "unauthorized");
  expect(refused.headers.get("access-control-allow-origin")).toBe("*");
});

const refusals: [string, string[]][] = [
  ["touchpoint=A", ["?touchpoint"]],
  ["touchpoint=%00", ["?touchpoint"]],
  ["touchpoint=a&touchpoint=b", ["?touchpoint"]],
];
test("asking with a wrong touchpoint is refused by that parameter", async () => {
  for (const [query, pointers] of refusals)
    await expectProblem(await ask(query), "invalid-input", pointers, query);
});

test("a page may ask with more than this version knows, and in a version that nobody knows", async () => {
  expect((await ask("touchpoint=checkout&theme=dark")).status).toBe(200);
  const version = async (wanted: string) => (await asked(`touchpoint=checkout&version=${wanted}`)).version;
  expect([await version(""), await version(askVersion)]).toEqual([undefined, undefined]);
  expect([await version("2031-01-01"), await version("x")]).toEqual([askVersion, askVersion]);
});

test("a survey of which nothing is set says nothing of it", async () => {
  const words = ["survey", "touchpoint", "locale", "direction", "texts", "options"];
  const names = [...words, "survey_version", "delay_seconds", "rules"];
  expect(Object.keys(await asked("touchpoint=relationship"))).toEqual(names);
  // The size of an NPS from before steps, rules and placements existed, and its version.
  expect(await (await ask("touchpoint=relationship")).text()).toSatisfy(
    (text: string) => text.length <= 1170 + '"survey_version":1,'.length,
  );
});

test("the ratings' own words are read, and shown where the look is labels", async () => {
  const ratings = { "1": "Awful", "2": "Bad", "3": "So so", "4": "Good", "5": "Great" };
  const shown = async () => {
    const { options, texts } = await asked("touchpoint=checkout");
    return { ...options[1], ends: [texts.low, texts.high] };
  };
  const face = expect.stringMatching(/^M12/);
  const ends = ["Very dissatisfied", "Very satisfied"];
  expect(await shown()).toEqual({ rating: 2, text: "2", label: "2 of 5", drawing: face, ends });
  await reword({ en: { ratings } });
  expect(await shown()).toEqual({ rating: 2, text: "2", label: "2 of 5, Bad", drawing: face, ends });
  await reword({ en: { ratings } }, { look: "numbers" });
  expect(await shown()).toEqual({ rating: 2, text: "2", label: "2 of 5, Bad", ends });
  await reword({ en: { ratings } }, { look: "labels" });
  expect(await shown()).toEqual({ rating: 2, text: "Bad", label: "Bad", ends: ["", ""] });
  await reword({}, { look: "labels" });
  expect(await shown()).toEqual({ rating: 2, text: "2", label: "2 of 5", ends });
});
