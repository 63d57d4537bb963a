import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { pageFaults } from "../page-faults.ts";
import { dashboard, expectNoFaults, open, setUpDashboard } from "./fixture.ts";
import { scoresShown } from "./served.ts";

setUpDashboard();

const lists = "**/v1/touchpoints?*";

/** More touchpoints than a page carries: 20,000 desks, and a few whose names begin otherwise. */
beforeAll(async () => {
  const { d1, ref } = dashboard;
  const named = (source: string) =>
    d1
      .prepare(
        `INSERT INTO touchpoints (workspace_ref, id, name, delay_seconds, wait_days, created_at, asked_since)
         SELECT ?1, 'tp_' || name, name, 0, 30, 0, 0 FROM (${source})`,
      )
      .bind(ref)
      .run();
  await named(
    "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 19999) SELECT 'desk-' || n AS name FROM numbers",
  );
  await named(
    'SELECT value AS name FROM json_each(\'["sink-1", "sink-2", "zoo-entrance", "zoo-exit", "zoology"]\')',
  );
  await d1.exec("UPDATE touchpoints SET archived_at = 1 WHERE name = 'zoo-exit'");
});

/** The palette over a touchpoint's view, and what it asks of the list of touchpoints. */
async function palette(): Promise<{ page: Page; errors: string[]; asked: string[] }> {
  const { page, errors } = await open("/touchpoints/checkout");
  const asked: string[] = [];
  page.on("request", (sent) => {
    const { pathname, searchParams } = new URL(sent.url());
    if (pathname === "/v1/touchpoints") asked.push(searchParams.get("name_prefix") ?? "all");
  });
  await scoresShown(page);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).waitFor();
  return { page, errors, asked };
}

const option = (page: Page, name: string) => page.locator(".palette").getByRole("option", { name });
const options = (page: Page) => page.locator(".palette").getByRole("option").allTextContents();
const status = (page: Page, text: string) =>
  page.locator(".palette").getByRole("status").filter({ hasText: text }).waitFor();
const marked = (page: Page) =>
  page.locator(".palette input").evaluate((input) => {
    const id = input.getAttribute("aria-activedescendant") ?? "";
    return document.getElementById(id)?.querySelector("bdi")?.textContent;
  });

/** Keeps the answers of the list back until the function that it answers is called. */
async function holdLists(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(lists, async (route) => {
    await held.promise;
    // The page may have given it up by then.
    await route.continue().catch(() => undefined);
  });
  return held.resolve;
}

test("among 20,000 touchpoints three letters and the keyboard alone lead to one", async () => {
  const { page, errors, asked } = await palette();
  await page.keyboard.type("Zoo");
  await option(page, "zoo-entrance").waitFor();
  await status(page, "3 results");
  expect(await options(page)).toEqual(["zoo-entrance", "zoo-exitarchived", "zoology"]);
  expect(await page.locator(".palette .head").allTextContents()).toEqual(["Touchpoints"]);
  expect(await marked(page)).toBe("zoo-entrance");
  expect(await pageFaults(page)).toEqual([]);
  await page.keyboard.press("ArrowUp");
  expect(await marked(page)).toBe("zoology");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "zoology" }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/\/touchpoints\/zoology$/);
  expect(asked.at(-1)).toBe("zoo");
  expectNoFaults(errors);
});

test("what was found stays until the next answer, and what it was asked for before is given up", async () => {
  const { page, errors, asked } = await palette();
  const field = page.locator(".palette input");
  await field.fill("desk");
  await option(page, "desk-1000").first().waitFor();
  expect(await options(page)).toHaveLength(12);
  const release = await holdLists(page);
  const ended = page.waitForEvent("requestfailed", (sent) => sent.url().includes("name_prefix=desk-1&"));
  await field.fill("desk-1");
  await expect.poll(() => asked).toEqual(["desk", "desk-1"]);
  expect(await options(page)).toEqual(expect.arrayContaining(["desk-1", "desk-10"]));
  await field.fill("desk-19");
  await ended;
  release();
  await option(page, "desk-1900").first().waitFor();
  expect(asked).toEqual(["desk", "desk-1", "desk-19"]);
  expectNoFaults(errors);
});

test("what arrives leaves the mark where it is", async () => {
  const { page, errors, asked } = await palette();
  const release = await holdLists(page);
  await page.locator(".palette input").fill("s");
  await expect.poll(() => asked).toEqual(["s"]);
  await page.keyboard.press("ArrowUp");
  expect(await marked(page)).toBe("Sign out");
  release();
  await option(page, "sink-2").waitFor();
  expect(await marked(page)).toBe("Sign out");
  expectNoFaults(errors);
});

test("what no name begins with is said so, and what none could begin with is not asked for", async () => {
  const { page, errors, asked } = await palette();
  const field = page.locator(".palette input");
  await field.fill("zoo entrance");
  await status(page, "Nothing is called so.");
  await field.fill("zoo-entry");
  await status(page, "Nothing is called so.");
  await field.fill("");
  await option(page, "Home").waitFor();
  expect(asked).toEqual(["zoo-entry"]);
  expectNoFaults(errors);
});

test("where no answer comes the palette says so, and a whole name leads there all the same", async () => {
  const { page } = await palette();
  await page.route(lists, (route) => route.abort());
  await page.keyboard.type("zoology");
  await page.locator(".palette").getByText("The touchpoints did not come.").waitFor();
  expect(await pageFaults(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "zoology" }).waitFor();
});
