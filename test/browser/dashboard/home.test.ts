import { expect, test } from "vitest";
import { api } from "../../server/mail/mailing.ts";
import { dashboard, expectNoFaults, open, setUpDashboard } from "./fixture.ts";
import { scoresShown } from "./served.ts";

setUpDashboard();

const number = (text: string | null | undefined) =>
  Number(text?.replaceAll(",", "").replace("−", "-").replace("+", ""));

test("every cell shows the API's score, interval and n, and the sentence what the API calls significant", async () => {
  const { page, errors } = await open();
  await scoresShown(page);
  const scores = await api(dashboard, "GET", "/v1/scores?group_by=touchpoint&compare=previous&period=30d");
  const changed: string[] = [];
  for (const group of scores.data) {
    const { score, n, interval, unit, compare } = group;
    const cell = page
      .locator(".cell")
      .filter({ has: page.getByRole("heading", { name: group.group.touchpoint }) });
    const places = unit === "rating" ? 2 : 0;
    const rounded = (value: number) => Number(value.toFixed(places));
    const [low, high, count] = await cell.locator(".facts bdi").allTextContents();
    expect(number(await cell.locator(".score bdi").textContent())).toBeCloseTo(rounded(score), places);
    expect([number(low), number(high)].map((value) => value.toFixed(places))).toEqual(
      [interval.low, interval.high].map((value) => rounded(value).toFixed(places).replace(/^-0$/, "0")),
    );
    expect(count).toBe(`n = ${n}`);
    if (compare.change?.significant && !compare.change.small_sample) changed.push(group.group.touchpoint);
  }
  expect(changed).toContain("first-contact");
  expect(await page.locator(".digest a").allTextContents()).toEqual(changed);
  await page.getByText("Asked since").waitFor();
  expectNoFaults(errors);
});

test("what was counted adds up to what the API counted", async () => {
  const { page } = await open();
  await scoresShown(page);
  const { data } = await api(dashboard, "GET", "/v1/scores?group_by=touchpoint");
  const rows = await page.locator(".ledger td").allTextContents();
  expect(
    rows
      .map(number)
      .slice(0, -1)
      .reduce((sum, one) => sum + one, 0),
  ).toBe(number(rows.at(-1)));
  const counted = data.reduce((sum: number, { n }: { n: number }) => sum + n, 0);
  expect(number(rows.at(-1))).toBe(counted);
});

test("a view asks the API at most three times", async () => {
  const asked: string[] = [];
  const { page } = await open("", {}, async (fresh) => {
    fresh.on("request", (sent) => void (sent.url().includes("/v1/") && asked.push(sent.url())));
  });
  await scoresShown(page);
  await page.locator(".said li").first().waitFor();
  expect(new Set(asked).size).toBeLessThanOrEqual(3);
});

test("home's question is on its way before home itself is there, and goes out once", async () => {
  const streams: string[] = [];
  const { page, errors } = await open("", {}, async (fresh) => {
    const asked = fresh.waitForRequest(/\/v1\/scores\/stream\?/);
    fresh.on("request", (sent) => void (sent.url().includes("/stream?") && streams.push(sent.url())));
    await fresh.route(/\/home-\w+\.js$/, async (route) => {
      await asked;
      await route.continue();
    });
  });
  await scoresShown(page);
  expect(streams).toHaveLength(1);
  expectNoFaults(errors);
});

test("the address says what is shown: period, comparison, zone and filter, back and forth, and by keys", async () => {
  const { page, errors } = await open();
  await scoresShown(page);
  await page.getByRole("button", { name: "90 days" }).click();
  await page.waitForURL(/\?period=90d$/);
  await page.keyboard.press("1");
  await page.waitForURL(/\?period=7d$/);
  await page.keyboard.press("p");
  await page.waitForURL(/\?period=7d&compare=none$/);
  await page.getByText(/answers were counted\.$/).waitFor();
  await page.goBack();
  await page.goBack();
  await page.waitForURL(/\?period=90d$/);
  expect(await page.getByRole("button", { name: "90 days" }).getAttribute("aria-pressed")).toBe("true");
  const zone = page.getByRole("combobox", { name: "in", exact: true });
  await zone.focus();
  await zone.selectOption("Asia/Tokyo");
  await page.waitForURL(/time_zone=Asia%2FTokyo/);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("checkbox", { name: "email" }).check();
  await page.getByRole("button", { name: "Show only these" }).click();
  await page.waitForURL(/channel=email/);
  await page.getByRole("button", { name: "Drop the filter Channel" }).click();
  await page.waitForURL((url) => !url.search.includes("channel"));
  await page.getByRole("button", { name: "Custom" }).click();
  await page.getByLabel("From").fill("2026-10-01");
  await page.getByLabel("To, included").fill("2026-10-31");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/from=2026-10-01&to=2026-11-01/);
  expectNoFaults(errors);
});

test("a new answer moves its number in place; the comments wait until one asks for them", async () => {
  const { page, errors } = await open();
  await scoresShown(page);
  await page.locator(".said li").first().waitFor();
  const cell = page.locator(".cell").filter({ has: page.getByRole("heading", { name: "checkout" }) });
  const count = cell.locator(".facts bdi").last();
  const before = number((await count.textContent())?.slice(4));
  // The same element, and the reader's place on the page, are there afterwards.
  await cell.evaluate((element) => element.setAttribute("data-same", ""));
  const comment = `Found it at once ${crypto.randomUUID()}`;
  await api(dashboard, "POST", "/v1/responses", {
    id: crypto.randomUUID(),
    touchpoint: "checkout",
    rating: 5,
    comment,
  });
  await cell
    .locator(".facts bdi")
    .last()
    .filter({ hasText: `n = ${before + 1}` })
    .waitFor();
  expect(await page.locator(".cell[data-same]").count()).toBe(1);
  expect(await page.getByText(comment).count()).toBe(0);
  await page.getByRole("button", { name: "1 new answer" }).click();
  await page.getByText(comment).waitFor();
  expectNoFaults(errors);
});

test("the palette finds a touchpoint by a few letters, and the new view has its title and the focus", async () => {
  const { page, errors } = await open();
  await scoresShown(page);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).fill("ticket");
  expect(await page.locator(".palette").getByRole("option").allTextContents()).toEqual([
    expect.stringContaining("ticket-closed"),
  ]);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "ticket-closed" }).waitFor();
  expect(await page.title()).toBe("ticket-closed · Demo shop · Candor");
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  expectNoFaults(errors);
});

test("single keys can be switched off, and stay off", async () => {
  const { page } = await open();
  await scoresShown(page);
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: "Single keys do something" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await page.reload();
  await scoresShown(page);
  await page.keyboard.press("1");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
});

test("a browser that names its language as Intl refuses it is shown the scores all the same", async () => {
  const { page, errors } = await open("", {}, (fresh) =>
    fresh.addInitScript(() =>
      Object.defineProperty(navigator, "languages", { get: () => ["en-US@posix", "en"] }),
    ),
  );
  await scoresShown(page);
  expectNoFaults(errors);
});
