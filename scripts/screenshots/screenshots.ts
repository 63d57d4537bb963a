import { mkdir, readFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../../test/browser/browser.ts";
import { startServer } from "../../test/harness.ts";
import { Database } from "../../worker/db/database.ts";
import { build } from "../build/build.ts";
import { insertSampleResponses } from "../demo/demo.ts";

/** Takes every picture of docs/images from a server with the demo's sample, so that they show the current build. */
const folder = "docs/images";

const desktop = { width: 1200, height: 800 };
const phone = { width: 375, height: 760 };

interface Shot {
  name: string;
  path: string;
  /** Prepares the page for its picture. */
  prepare?: (page: Page) => Promise<void>;
  /** A page of examples/ that replaces the server's page. */
  example?: string;
  /** Selector of the part to show. */
  part?: string;
  options?: BrowserContextOptions;
  /** The page's language, which is written from right to left. */
  language?: string;
}

const popover = "candor-survey[popover] section";

/** A light, a dark and a phone picture. */
const inThreeLooks = (shot: Shot): Shot[] => [
  { ...shot, options: { viewport: desktop } },
  { ...shot, name: `${shot.name}-dark`, options: { viewport: desktop, colorScheme: "dark" } },
  { ...shot, name: `${shot.name}-phone`, options: { viewport: phone, isMobile: true, hasTouch: true } },
];

const scoresRead = (page: Page) => page.locator(".bar span").first().waitFor({ state: "attached" });

const popoverOpen = async (page: Page) => {
  await scoresRead(page);
  await page.locator(popover).waitFor();
};

const popoverClosed = async (page: Page) => {
  await popoverOpen(page);
  await page.locator(popover).locator(".close").click();
};

const ratedNine = async (page: Page) => {
  await popoverOpen(page);
  await page.locator(popover).getByRole("radio", { name: "9 of 10" }).click();
  await page.locator(popover).getByRole("textbox").fill("Ordered in two minutes, arrived the next day.");
};

/** A mail's block as the API answers it; the API requires a key. */
const emailShot = (name: string, block: string, width: number, authorization: string): Shot => ({
  name,
  path: `${block}&format=html`,
  part: "table",
  options: { viewport: { width, height: 300 }, extraHTTPHeaders: { authorization } },
});

/** The wall screen, which is dark by default. */
const wall = (readKey: string): Shot => ({
  name: "wall",
  path: "/wall",
  example: "wall.html",
  prepare: async (page) => {
    await page.locator("input").fill(readKey);
    await page.keyboard.press("Enter");
    await page.locator("article").nth(2).waitFor();
  },
  options: { viewport: { width: 1280, height: 720 } },
});

const figure = { viewport: { width: 440, height: 520 } };

const shotsOf = (link: string, arabic: string, shown: string): Shot[] => [
  ...inThreeLooks({ name: "demo", path: "/demo", prepare: popoverOpen }),
  ...inThreeLooks({ name: "nps-popover", path: "/demo", prepare: popoverOpen, part: popover }),
  { name: "nps-popover-comment", path: "/demo", prepare: ratedNine, part: popover },
  {
    name: "csat-inline",
    path: "/demo",
    prepare: popoverClosed,
    part: "candor-survey[touchpoint=checkout] section",
  },
  ...inThreeLooks({ name: "survey-link", path: `${link}?rating=9` }),
  {
    name: "survey-link-arabic",
    path: `${arabic}?rating=9`,
    options: { viewport: phone, isMobile: true, hasTouch: true },
  },
  { name: "badge", path: `${shown}/badge.svg`, part: "svg" },
  { name: "badge-dark", path: `${shown}/badge.svg?theme=dark`, part: "svg" },
  { name: "figure", path: `${shown}/figure`, part: "main", options: figure },
  { name: "figure-dark", path: `${shown}/figure`, part: "main", options: { ...figure, colorScheme: "dark" } },
  { name: "figure-phone", path: `${shown}/figure?locale=ar`, part: "main", options: { viewport: phone } },
  ...inThreeLooks({ name: "reference", path: "/docs" }),
];

/** A picture of each way to show a survey. */
const wayShots = (): Shot[] => {
  const window = { viewport: { width: 960, height: 640 }, deviceScaleFactor: 1 };
  const rated = new Set(["steps", "corner", "sheet"]);
  const first: Record<string, (page: Page) => Promise<unknown>> = {
    tab: (page) => page.getByRole("button", { name: "Feedback" }).waitFor(),
  };
  const prepare = (way: string) => async (page: Page) => {
    if (first[way] && (await page.locator("html").getAttribute("lang")) === "en")
      return void (await first[way](page));
    const survey = page.locator("candor-survey section").last();
    await survey.waitFor();
    if (rated.has(way)) await survey.getByRole("radio").nth(2).click();
  };
  return ["popover", "corner", "bar", "modal", "sheet", "inline", "tab", "steps", "theme"].flatMap((way) => [
    { name: `way-${way}`, path: `/demo/${way}`, prepare: prepare(way), options: window },
    {
      name: `way-${way}-dark`,
      path: `/demo/${way}`,
      prepare: prepare(way),
      options: { ...window, colorScheme: "dark" as const },
    },
    { name: `way-${way}-rtl`, path: `/demo/${way}`, prepare: prepare(way), language: "ar", options: window },
  ]);
};

async function take(browser: Browser, url: string, shot: Shot): Promise<void> {
  const context = await browser.newContext({
    viewport: desktop,
    deviceScaleFactor: 2,
    reducedMotion: "reduce",
    ...shot.options,
  });
  const page = await context.newPage();
  if (shot.language)
    // A string instead of a function: it runs in the page, whose types this folder does not have.
    await context.addInitScript(
      `addEventListener("DOMContentLoaded", () => Object.assign(document.documentElement, { lang: "${shot.language}", dir: "rtl" }))`,
    );
  if (shot.example) {
    const body = (await readFile(`examples/${shot.example}`, "utf8")).replaceAll("%ORIGIN%", url);
    await page.route(url + shot.path, (route) => route.fulfill({ contentType: "text/html", body }));
  }
  await page.goto(url + shot.path);
  await shot.prepare?.(page);
  const target = shot.part ? page.locator(shot.part).first() : page;
  await target.screenshot({ path: `${folder}/${shot.name}.png` });
  await context.close();
}

await build();
await mkdir(folder, { recursive: true });
const server = await startServer({ demo: true });
const browser = await openBrowser();
try {
  await insertSampleResponses(new Database(server.d1), server.ref);
  const authorization = `Bearer ${server.secretKey}`;
  const newLink = async (locale: string) => {
    const answer = await fetch(`${server.url}/v1/links`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ touchpoint: "relationship", locale }),
    });
    const link: { url: string } = await answer.json();
    return new URL(link.url).pathname;
  };
  const blockAt = async (touchpoint: string) => {
    const answer = await fetch(`${server.url}/v1/touchpoints/${touchpoint}`, { headers: { authorization } });
    const { survey }: { survey: string } = await answer.json();
    return `/v1/surveys/${survey}/email?touchpoint=${touchpoint}`;
  };
  const checkout = await fetch(`${server.url}/v1/touchpoints/checkout`, { headers: { authorization } });
  const { id }: { id: string } = await checkout.json();
  const shots = [
    ...shotsOf(await newLink("en"), await newLink("ar"), `/v1/public/${id}`),
    wall(server.readKey),
    ...wayShots(),
    emailShot("email", await blockAt("relationship"), 700, authorization),
    emailShot("email-arabic", `${await blockAt("checkout")}&locale=ar`, 320, authorization),
  ];
  const wanted = process.argv.slice(2);
  for (const shot of shots) {
    if (wanted.length === 0 || wanted.includes(shot.name)) await take(browser, server.url, shot);
  }
} finally {
  await browser.close();
  await server.stop();
}
