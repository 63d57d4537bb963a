import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { KINDS, ratingsOf } from "../../../shared/surveys/kinds.ts";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { browser, server, setUpServer } from "../fixture.ts";
import { pageFaults } from "../page-faults.ts";

const scales = Object.entries(KINDS).flatMap(([kind, { scales }]) =>
  scales.map((scale) => ({ kind, scale })),
);
const ratings = scales.flatMap(({ scale }) => ratingsOf(scale)).length;

let surveys: string[];
setUpServer();
beforeAll(async () => {
  surveys = await Promise.all(scales.map(({ kind, scale }) => newSurvey(kind, scale.max)));
});

const headers = () => ({ authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" });

async function newSurvey(kind: string, max: number): Promise<string> {
  const body = JSON.stringify({ name: "mailed", subject: "Demo shop", kind, scale_max: max });
  const answer = await fetch(`${server.url}/v1/surveys`, { method: "POST", headers: headers(), body });
  const { id }: { id: string } = await answer.json();
  return id;
}

async function responses() {
  const answer = await fetch(`${server.url}/v1/responses`, { headers: headers() });
  const { data }: { data: { rating: number }[] } = await answer.json();
  return data;
}

async function blockOf(survey: string, locale: string): Promise<string> {
  const path = `/v1/surveys/${survey}/email?touchpoint=relationship&format=html&locale=${locale}`;
  return (await fetch(server.url + path, { headers: headers() })).text();
}

const blocksIn = (locales: readonly string[]): Promise<string[]> =>
  Promise.all(surveys.flatMap((survey) => locales.map((locale) => blockOf(survey, locale))));

/** A mail that follows the reader's colours, as a mail program shows it. */
async function openMail(blocks: readonly string[], width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await page.setContent(`<!doctype html><html lang="en"><head><title>A mail</title>
    <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
    <body style="margin:0;padding:8px 20px"><main><h1>Thank you for your order</h1>${blocks.join("<p>Kind regards</p>")}</main></body></html>`);
  return page;
}

/** The links' sizes, and whether a word in them is cut off. */
const linksOf = (page: Page) =>
  page.locator("a").evaluateAll((elements) =>
    elements.map((element) => {
      const { width, height } = element.getBoundingClientRect();
      return { width, height, cut: element.scrollWidth > element.clientWidth };
    }),
  );

describe("one mail", () => {
  let page: Page;
  beforeAll(async () => {
    page = await openMail(await blocksIn(["en", "de", "ar"]), 320);
  });
  for (const width of [320, 360, 700]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`at ${width} px, ${colorScheme}, every scale fits, can be hit, and axe finds nothing`, async () => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        expect(await pageFaults(page)).toEqual([]);
        const links = await linksOf(page);
        expect(links).toHaveLength(3 * ratings);
        // Eleven ratings at 320 px: as wide as WCAG 2.5.8 requires, and high enough for a thumb.
        for (const link of links) {
          expect(link.width).toBeGreaterThanOrEqual(24);
          expect(link.height).toBeGreaterThanOrEqual(44);
        }
      });
    }
  }
});

test("at 320 px no language is too wide, and no word of it cut", async () => {
  const locales = Object.keys(TEXTS);
  const page = await openMail(await blocksIn(locales), 320);
  const links = await linksOf(page);
  expect(links).toHaveLength(locales.length * ratings);
  expect(links.filter(({ cut }) => cut)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test("whoever answers again from another link of a mail changes the answer, in that browser alone", async () => {
  const [block = ""] = await blocksIn(["en"]);
  const others = await responses();
  const mail = block.replaceAll("{{email}}", "kim@example.com");
  const answer = async (page: Page, rating: number, act: (survey: Page) => Promise<void>) => {
    const [survey] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("link", { name: `${rating} of 10`, exact: true }).click(),
    ]);
    await survey.getByRole("radio", { name: `${rating} of 10` }).waitFor();
    await act(survey);
  };
  const press = async (survey: Page) => {
    await survey.getByRole("button", { name: "Send" }).click();
    await survey.getByRole("heading", { name: "Thank you for your feedback." }).waitFor();
  };
  const gesture = async (survey: Page) => {
    await survey.waitForLoadState("load");
    await survey.mouse.wheel(0, 10);
    await survey.getByRole("status").getByText("Thank you for your feedback.").waitFor();
  };
  const [kims, strangers] = [await openMail([mail], 360), await openMail([mail], 360)];
  await answer(kims, 9, gesture);
  await answer(strangers, 1, press);
  await answer(kims, 3, press);
  await answer(kims, 4, gesture);
  const data = await responses();
  const own = data.slice(0, data.length - others.length);
  expect(own.map(({ rating }) => rating).sort()).toEqual([1, 4]);
  for (const one of own) expect(one).toMatchObject({ claimed_respondent: "kim@example.com" });
});

test("an answer cannot be sent before the page knows which one it changes", async () => {
  const [block = ""] = await blocksIn(["en"]);
  const page = await openMail([block.replaceAll("{{email}}", "lee@example.com")], 360);
  let arrive = () => {};
  const arrived = new Promise<void>((done) => {
    arrive = done;
  });
  await page.context().route("**/assets/again.js", async (route) => {
    await arrived;
    await route.continue();
  });
  const [survey] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "9 of 10", exact: true }).click(),
  ]);
  await survey.getByRole("radio", { name: "9 of 10" }).waitFor();
  const send = survey.getByRole("button", { name: "Send" });
  expect(await send.count()).toBe(0);
  arrive();
  await send.click();
  await survey.getByRole("heading", { name: "Thank you for your feedback." }).waitFor();
});

test("a click in a mail opens the survey with its rating, and sending it is one answer by mail", async () => {
  const before = await responses();
  const page = await openMail(await blocksIn(["en"]), 360);
  const [survey] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "9 of 10", exact: true }).first().click(),
  ]);
  expect(await survey.getByRole("radio", { name: "9 of 10" }).isChecked()).toBe(true);
  await survey.getByRole("button", { name: "Send" }).click();
  await survey.getByRole("heading", { name: "Thank you for your feedback." }).waitFor();
  await survey.getByRole("link", { name: "Change my answer" }).click();
  await survey.getByRole("radio", { name: "3 of 10" }).check();
  await survey.getByRole("button", { name: "Send" }).click();
  await survey.getByRole("heading", { name: "Thank you for your feedback." }).waitFor();
  const data = await responses();
  // A tag that no tool replaced does not become the respondent.
  expect(data[0]).toMatchObject({ rating: 3, channel: "email", respondent: null, claimed_respondent: null });
  expect(data).toHaveLength(before.length + 1);
});
