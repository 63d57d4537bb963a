import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { insertSampleResponses } from "../../../scripts/demo/demo.ts";
import { Database } from "../../../worker/db/database.ts";
import { server, setUpServer, visit } from "../fixture.ts";
import { faultsInLooks, type Looks, pageFaults } from "../page-faults.ts";

setUpServer(() => ({ demo: true }));
beforeAll(() => insertSampleResponses(new Database(server.d1), server.ref));

const headers = () => ({ authorization: `Bearer ${server.secretKey}` });

async function countsOf(touchpoint: string): Promise<number[]> {
  const answer = await fetch(`${server.url}/v1/touchpoints/${touchpoint}/score`, { headers: headers() });
  const { distribution }: { distribution: { rating: number; count: number }[] } = await answer.json();
  const counts = new Array<number>(11).fill(0);
  for (const { rating, count } of distribution) counts[rating] = count;
  return counts;
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const nps = (counts: number[]) => (100 * (sum(counts.slice(9)) - sum(counts.slice(0, 7)))) / sum(counts);
const mean = (counts: number[]) => sum(counts.map((count, rating) => count * rating)) / sum(counts);
const withOne = (counts: number[], rating: number) =>
  counts.map((count, index) => count + Number(index === rating));

const card = (page: Page, touchpoint: string) => page.locator(`.score[data-touchpoint="${touchpoint}"]`);
const shows = async (page: Page, touchpoint: string, value: string, n: number) => {
  await card(page, touchpoint).getByText(`${n} responses`).waitFor();
  expect(await card(page, touchpoint).locator(".value").textContent()).toBe(value);
};

test("an answer in the popover moves the score by exactly that response, and so does one by survey link", async () => {
  const [before, effort] = await Promise.all([countsOf("relationship"), countsOf("ticket-closed")]);
  const { page, errors } = await visit(`${server.url}/demo`);
  await shows(page, "relationship", `+${nps(before).toFixed(1)}`, sum(before));

  const popover = page.locator("candor-survey[popover]");
  await popover.getByRole("radio", { name: "10 of 10, Extremely likely" }).click();
  await popover.getByRole("textbox").fill("I saw the score move");
  await popover.getByRole("button", { name: "Send" }).click();
  await popover.getByText("Thank you for your feedback.").waitFor();
  const after = withOne(before, 10);
  await shows(page, "relationship", `+${nps(after).toFixed(1)}`, sum(after));
  expect(await card(page, "relationship").locator(".change").textContent()).toMatch(/^\+\d/);
  expect(await page.locator("[aria-live]").textContent()).toContain(`from ${sum(after)} responses`);
  expect(await countsOf("relationship")).toEqual(after);

  const link = await page.locator("#survey-link").getAttribute("href");
  const { page: survey } = await visit(`${link}?rating=6`, { javaScriptEnabled: false });
  await survey.getByRole("textbox").fill("Answered without a script");
  await survey.getByRole("button", { name: "Send" }).click();
  await survey.getByRole("heading", { name: "Thank you for your feedback." }).waitFor();
  const eased = withOne(effort, 6);
  await shows(page, "ticket-closed", mean(eased).toFixed(2), sum(eased));
  expect(await countsOf("ticket-closed")).toEqual(eased);

  const answer = await fetch(`${server.url}/v1/responses?limit=2`, { headers: headers() });
  const { data } = await answer.json<{ data: unknown[] }>();
  expect(data).toMatchObject([
    { touchpoint: "ticket-closed", rating: 6, channel: "link", comment: "Answered without a script" },
    { touchpoint: "relationship", rating: 10, channel: "widget", comment: "I saw the score move" },
  ]);
  expect(errors).toEqual([]);
});

test("the inline survey and a rating in the mail work from the page, and the visitor can be asked again", async () => {
  const before = await countsOf("checkout");
  const { page } = await visit(`${server.url}/demo`);
  const inline = page.locator("candor-survey[touchpoint=checkout]");
  await page.locator("candor-survey[popover] .close").click();
  await inline.getByRole("radio", { name: "5 of 5, Very satisfied" }).click();
  await card(page, "checkout")
    .getByText(`${sum(before) + 1} responses`)
    .waitFor();
  expect(await countsOf("checkout")).toEqual(withOne(before, 5));

  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Rate 7" }).click();
  expect(await (await opened).getByRole("radio", { name: "7 of 7, Strongly agree" }).isChecked()).toBe(true);

  await page.reload();
  await page.getByRole("button", { name: "Ask me again" }).click();
  await page.locator("candor-survey[popover]").getByRole("radio").first().waitFor();
});

test("where the scores cannot be read the page says so in one sentence, and recovers", async () => {
  const { page } = await visit(`${server.url}/demo`);
  await card(page, "relationship")
    .getByText(/\d responses$/)
    .waitFor();
  await page.route("**/scores/stream?*", (route) => route.abort());
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  const failure = page.getByText("The scores cannot be read right now");
  await failure.waitFor();
  await page.unroute("**/scores/stream?*");
  await failure.waitFor({ state: "detached" });
});

const phone = { viewport: { width: 375, height: 667 } };
const looks: Looks = {
  light: {},
  dark: { colorScheme: "dark" },
  "on a phone": phone,
  "on a phone in the dark": { ...phone, colorScheme: "dark" },
};

const unfold = (page: Page) =>
  page.locator("details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });

test("axe finds nothing in the start page and the demo, light and dark, wide and on a phone", async () => {
  const { page, errors } = await visit("about:blank");
  for (const path of ["/", "/demo"]) {
    await page.goto(server.url + path);
    if (path === "/demo") {
      await page.locator("candor-survey[popover]").getByRole("radio").first().waitFor();
      await page.locator(".bar span").nth(8).waitFor({ state: "attached" });
    }
    await unfold(page);
    expect([path, ...(await faultsInLooks(page, looks))]).toEqual([path]);
  }
  expect(errors).toEqual([]);
});

// The page is long: axe needs a quarter of a minute on an idle machine, and minutes on a busy one.
test.each([
  ["unfolded, light and wide", {}],
  ["folded, on a phone in the dark", { ...phone, colorScheme: "dark" }],
] satisfies [string, BrowserContextOptions][])(
  "axe finds nothing in the reference, %s",
  async (name, options) => {
    const { page, errors } = await visit(`${server.url}/docs`, options);
    if (name.startsWith("unfolded")) await unfold(page);
    expect(await pageFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
  },
  600_000,
);
