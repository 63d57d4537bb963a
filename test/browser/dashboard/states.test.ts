import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { api } from "../../server/mail/mailing.ts";
import { pageFaults } from "../page-faults.ts";
import { dashboard, open, setUpDashboard } from "./fixture.ts";
import { scoresShown, viewAt } from "./served.ts";

setUpDashboard();

const stream = "**/v1/scores/stream*";
const refused = (status: number, problem: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: "application/problem+json",
    body: JSON.stringify({ type: `/docs#${problem}`, title: "No", status, request_id: "7c9e6679" }),
  });

test("while the scores are awaited each cell has its shape and its name", async () => {
  const { page } = await open("", {}, (fresh) => fresh.route(stream, () => undefined));
  await page.locator(".cell .bone").first().waitFor();
  expect(await page.locator(".cell h3").allTextContents()).toEqual([
    "checkout",
    "docs-article",
    "first-contact",
    "onboarding",
    "relationship",
    "ticket-closed",
  ]);
  expect(await page.locator(".score").count()).toBe(0);
  expect(await pageFaults(page)).toEqual([]);
});

test("scores that did not come say so, with the request's id, and are asked for again", async () => {
  const { page } = await open("", { permissions: ["clipboard-read", "clipboard-write"] }, (fresh) =>
    fresh.route(stream, refused(503, "overloaded")),
  );
  await page.getByText("The scores did not come.").waitFor();
  await page.getByText("The server answered 503; nothing is lost.").waitFor();
  // Nothing goes on looking as if it were awaited.
  await expect.poll(() => page.locator(".bone").count()).toBe(0);
  expect(await pageFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Copy the request’s id" }).click();
  await page.getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("7c9e6679");
  await page.unroute(stream);
  await page.getByRole("button", { name: "Try again" }).click();
  await scoresShown(page);
});

test("without a connection the last scores stay, quiet, with the time that they are of", async () => {
  const { page } = await open();
  await scoresShown(page);
  await page.context().setOffline(true);
  await page.getByText(/^No connection since/).waitFor();
  expect(await page.locator(".cell .tag.warn").count()).toBeGreaterThan(3);
  expect(await page.locator(".score.weak").count()).toBeGreaterThan(3);
  expect(await pageFaults(page)).toEqual([]);
  await page.context().setOffline(false);
  await page
    .getByRole("button", { name: "Try now" })
    .click({ timeout: 5_000 })
    .catch(() => undefined);
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await page.getByText(/^No connection since/).count()).toBe(0);
});

test("the time of the last scores is written as the reader's language has it, also from right to left", async () => {
  const { page } = await open("", { locale: "ar" });
  await scoresShown(page);
  await page.context().setOffline(true);
  const time = page.locator(".cell .tag.warn bdi").first();
  await time.waitFor();
  expect(await time.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
});

test("a period without answers says so and leads to a longer one", async () => {
  const { page } = await open("?from=2020-01-01&to=2020-02-01");
  await page.getByText("Asked since").first().waitFor();
  expect(await page.locator(".score bdi").count()).toBe(0);
  // They were answered after it.
  expect(await page.getByText("not answered yet").count()).toBe(0);
  await page.getByText("0 answers were counted.").waitFor();
  expect(await pageFaults(page)).toEqual([]);
});

test("a session that ends keeps the view, and what was asked goes out again after signing in", async () => {
  const expiring = async (page: Page) => page.route("**/v1/**", refused(401, "unauthorized"));
  const { page } = await open();
  await scoresShown(page);
  await expiring(page);
  await page.getByRole("button", { name: "7 days" }).click();
  const dialog = page.getByRole("dialog", { name: "You were signed out" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  expect(await dialog.isVisible()).toBe(true);
  expect(await pageFaults(page)).toEqual([]);
  await page.unroute("**/v1/**");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await scoresShown(page);
  expect(await dialog.isVisible()).toBe(false);
  expect(page.url()).toBe(viewAt(dashboard, "?period=7d"));
});

test("a touchpoint that is not there is said so", async () => {
  const { page } = await open("/touchpoints/nowhere");
  await page.getByText("There is nothing of this name here.").first().waitFor();
  expect(await pageFaults(page)).toEqual([]);
});

test("surveys of different scales at one touchpoint are shown apart, and take no other score away", async () => {
  const survey = async (name: string, max: number) => {
    const body = { name, kind: "ces", subject: "Demo shop", scale_max: max };
    return (await api(dashboard, "POST", "/v1/surveys", body)).id;
  };
  const long = await survey("Returns CES", 7);
  const short = await survey("Returns short", 5);
  await api(dashboard, "POST", "/v1/touchpoints", { name: "returns", survey: long });
  const answer = { touchpoint: "returns", rating: 4 };
  for (const asked of [long, short])
    await api(dashboard, "POST", "/v1/responses", { ...answer, id: crypto.randomUUID(), survey: asked });
  const { page, errors } = await open();
  await scoresShown(page);
  const cell = page.locator(".cell").filter({ has: page.getByRole("heading", { name: "returns" }) });
  await cell.getByText(/^2 surveys are answered here\./).waitFor();
  expect(await page.locator(".score bdi").count()).toBe(5);
  expect(await pageFaults(page)).toEqual([]);
  await cell.getByRole("link", { name: "Returns short" }).click();
  await page.waitForURL((url) => url.searchParams.get("survey") === short);
  await page.locator(".score.big").getByText("of 5").waitFor();
  // The refusal itself is a line of the browser's console, and no fault of the page.
  expect(errors.filter((error) => !error.includes("422"))).toEqual([]);
});
