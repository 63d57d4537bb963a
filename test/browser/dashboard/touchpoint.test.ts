import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { api } from "../../server/mail/mailing.ts";
import { dashboard, expectNoFaults, open, setUpDashboard } from "./fixture.ts";
import { scoresShown } from "./served.ts";

setUpDashboard();

const path = "/v1/touchpoints/checkout/score?period=90d&interval=week&compare=previous&series=headline";

test("the score, its facts and its distribution are the API's", async () => {
  const { page, errors } = await open("/touchpoints/checkout");
  await scoresShown(page);
  const { score, n, distribution, mean, last_answered_at } = await api(dashboard, "GET", path);
  expect(await page.locator(".score.big bdi").textContent()).toBe(String(Math.round(score)));
  const facts = page.locator(".factlist");
  await facts.getByText(String(n), { exact: true }).waitFor();
  await facts.getByText(mean.value.toFixed(2), { exact: true }).waitFor();
  expect(last_answered_at).not.toBe(null);
  const counts = await page.locator(".dist tbody td.n:nth-of-type(2)").allTextContents();
  expect(counts.map(Number)).toEqual(distribution.map(({ count }: { count: number }) => count).reverse());
  await page.getByText("How satisfied were you with Demo shop?").waitFor();
  expectNoFaults(errors);
});

test("each step is read by keys, with its unit, its interval and its number of answers", async () => {
  const { page } = await open("/touchpoints/checkout");
  await scoresShown(page);
  const { series } = await api(dashboard, "GET", path);
  const slider = page.getByRole("slider", { name: "Step of the series" });
  await slider.focus();
  const said: string[] = [];
  await page.keyboard.press("Home");
  for (const _ of series) {
    said.push((await slider.getAttribute("aria-valuetext")) ?? "");
    await page.keyboard.press("ArrowRight");
  }
  for (const [index, { score, n }] of series.entries()) {
    if (score === null) expect(said[index]).toMatch(/: no answers$/);
    else
      expect(said[index]).toMatch(
        new RegExp(`: ${score.toFixed(1)} percent(, \\d+ to \\d+)?, ${n} answers?$`),
      );
  }
  await page.keyboard.press("End");
  expect(await slider.getAttribute("aria-valuetext")).toBe(said.at(-1));
});

test("the table has what the chart has, and the file what the API answered", async () => {
  const { page, errors } = await open("/touchpoints/checkout");
  await scoresShown(page);
  const { series, compare } = await api(dashboard, "GET", path);
  await page.keyboard.press("t");
  const rows = page.locator(".tablewrap tbody tr");
  expect(await rows.count()).toBe(series.length);
  const counts = await rows.locator("td:nth-of-type(3)").allTextContents();
  expect(counts.map(Number)).toEqual(series.map(({ n }: { n: number }) => n));
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const file = await readFile(await (await downloading).path(), "utf8");
  const lines = file
    .replace(/^\ufeff/, "")
    .trim()
    .split("\r\n")
    .slice(1);
  expect(lines.map((line) => line.split(",").map((cell) => cell || null))).toEqual(
    series.map(({ from, to, score, interval, n }: (typeof series)[0], index: number) =>
      [
        from,
        to,
        score,
        interval?.low ?? null,
        interval?.high ?? null,
        n,
        compare.series[index]?.score ?? null,
      ].map((cell) => (cell === null ? null : String(cell))),
    ),
  );
  expectNoFaults(errors);
});

test("a breakdown holds each group against the whole, and is in the address", async () => {
  const { page, errors } = await open("/touchpoints/checkout");
  await page.locator(".forest tbody tr").first().waitFor();
  await page.getByRole("group", { name: "By" }).getByRole("button", { name: "Property" }).click();
  await page.getByPlaceholder("plan").fill("plan");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/by=property%3Aplan/);
  await page.locator(".forest").getByText("business").waitFor();
  const { data } = await api(
    dashboard,
    "GET",
    "/v1/scores?touchpoint=checkout&period=90d&group_by=property:plan&order=lower_bound",
  );
  const names = await page.locator(".forest tbody th").allTextContents();
  expect(names).toEqual(data.map(({ group }: { group: Record<string, string> }) => group["property:plan"]));
  expectNoFaults(errors);
});

test("on a phone its title is whole", async () => {
  const phone = { viewport: { width: 386, height: 836 }, isMobile: true, hasTouch: true };
  const { page } = await open("/touchpoints/ticket-closed", phone);
  await scoresShown(page);
  const cut = ({ scrollWidth, clientWidth }: Element) => scrollWidth - clientWidth;
  expect(await page.locator("h1").evaluate(cut)).toBe(0);
});
