import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createWorkspace } from "../../../scripts/demo/seed.ts";
import { Database } from "../../../worker/db/database.ts";
import type { Server } from "../../harness.ts";
import { api } from "../../server/mail/mailing.ts";
import { setUpBrowser, visit } from "../fixture.ts";
import { faultsInLooks, type Looks, openings, pageFaults } from "../page-faults.ts";
import { serve } from "../site.ts";
import { goTo } from "./fixture.ts";
import { linkAt, serveDashboard, signedIn, signIn, viewAt } from "./served.ts";

let server: Server;
/** The session of an owner of the served workspace, in which nobody has answered. */
let token: string;

setUpBrowser();
beforeAll(async () => {
  server = await serveDashboard();
  await api(server, "POST", "/v1/keys", { name: "Website", kind: "publishable" });
  token = await signIn(server);
});
beforeEach(async () => {
  await server.d1.exec("DELETE FROM sign_in_tries");
});
afterAll(() => server.stop());

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

/** A shop's page with a snippet in the place of the example's own. */
async function pageWith(snippet: string) {
  const example = await readFile("examples/plain.html", "utf8");
  const html = example.replace(/<script.*<\/script>/, snippet);
  return serve((_, outgoing) => {
    outgoing.setHeader("content-type", "text/html; charset=utf-8");
    outgoing.end(html);
  });
}

test("from the set-up link over a survey of a template and its snippet in a page to its score on home", async () => {
  const { id, ref } = await createWorkspace(new Database(server.d1), "Acme");
  const link = await linkAt(server, "setup", { workspace: ref, role: "owner" });
  const { page, errors } = await visit(link, { locale: "en-GB" });
  await page.getByLabel("Your name").fill("Mara Keller");
  await press(page, "Become the owner");
  await press(page, "Later");
  await heading(page, "Home");
  await page.getByText("Four steps to your first score. Done: 0.").waitFor();
  expect(await pageFaults(page)).toEqual([]);

  await page.getByRole("link", { name: "Choose a survey" }).click();
  await heading(page, "New survey");
  await press(page, "After delivery");
  const dialog = page.getByRole("dialog", { name: "After delivery" });
  await dialog.getByRole("button", { name: "Make it, go live" }).click();
  await page.waitForURL(`${server.url}/app/w/${id}/touchpoints/delivered/install`);
  await page.getByText("Live at delivered.").waitFor();
  await press(page, "Make the key");
  const snippet = (await page.locator(".snippet code").textContent()) ?? "";
  expect(snippet).toContain(`src="${server.url}/v1/widget.js"`);
  expect(snippet).toContain('data-touchpoint="delivered"');

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await page.getByText("Four steps to your first score. Done: 1.").waitFor();
  expect(await page.locator(".snippet code").textContent()).toBe(snippet);

  const shop = await pageWith(snippet);
  try {
    const visitor = await visit(shop.origin, { locale: "en-GB" });
    await visitor.page.getByText("How satisfied were you with the delivery?").waitFor();
    await page.getByText("We have seen it.").waitFor();
    await page.getByText("Four steps to your first score. Done: 2.").waitFor();
    await visitor.page.getByRole("radio", { name: "5 of 5, Very satisfied" }).click();
    await page.getByText("Your first score is there.").waitFor();
    expect(visitor.errors).toEqual([]);
  } finally {
    shop.stop();
  }
  const cell = page.locator(".cell").filter({ has: page.getByRole("heading", { name: "delivered" }) });
  expect(await cell.locator(".score bdi").textContent()).toBe("100");
  await cell.getByText("n = 1").waitFor();
  await press(page, "It was mine: leave it out");
  await page.getByText("Left out, as a test.").waitFor();
  await page.getByText("Four steps to your first score. Done: 3.").waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  await page.getByText("Your first score is there.").waitFor();
  await page.reload();
  await cell.locator(".score bdi").waitFor();
  expect(await page.locator(".checklist").count()).toBe(0);
  expect(errors).toEqual([]);
});

test("sample data are loaded and removed by a click each, and tick no step", async () => {
  const { ref, id } = await createWorkspace(new Database(server.d1), "Samples");
  const link = await linkAt(server, "setup", { workspace: ref, role: "owner" });
  const { page, errors } = await visit(link, { locale: "en-GB" });
  await page.getByLabel("Your name").fill("Mara Keller");
  await press(page, "Become the owner");
  await press(page, "Later");
  await press(page, "Load sample data");
  const cell = page.locator(".cell").filter({ has: page.getByRole("heading", { name: "sample-nps" }) });
  await cell.getByText("Sample", { exact: true }).waitFor();
  await cell.locator(".score bdi").waitFor();
  await page.getByText("Four steps to your first score. Done: 0.").waitFor();
  expect(await pageFaults(page)).toEqual([]);
  await press(page, "Remove sample data");
  await page.getByRole("button", { name: "Load sample data" }).waitFor();
  expect(await page.locator(".cell").count()).toBe(0);
  const left = await server.d1
    .prepare("SELECT COUNT(*) AS n FROM touchpoints WHERE workspace_ref = ?1")
    .bind(ref)
    .first();
  expect(left).toEqual({ n: 0 });
  expect(page.url()).toContain(id);
  expect(errors).toEqual([]);
});

test("what went live is taken back, and the touchpoint asks again what it asked before", async () => {
  const { page, errors } = await visit(viewAt(server, "/surveys/new"), signedIn(token));
  await press(page, "Effort of a task");
  const dialog = page.getByRole("dialog", { name: "Effort of a task" });
  await dialog.getByLabel("Goes live at the touchpoint").fill("checkout");
  await dialog.getByText("Checkout CSAT is asked there now.").waitFor();
  await dialog.getByText("checkout is rated 1 to 5").waitFor();
  await dialog.getByLabel("Question", { exact: true }).fill("Was it easy?");
  await dialog.getByRole("button", { name: "Make it, go live" }).click();
  await page.waitForURL(/\/touchpoints\/checkout\/install$/);
  const before = await api(server, "GET", "/v1/touchpoints/checkout");
  const survey = await api(server, "GET", `/v1/surveys/${before.survey}`);
  expect([survey.kind, survey.texts.en.question]).toEqual(["ces", "Was it easy?"]);
  await press(page, "Undo");
  await page.getByText("Taken back: checkout asks what it asked before.").waitFor();
  const after = await api(server, "GET", "/v1/touchpoints/checkout");
  expect(after.survey).not.toBe(before.survey);
  expect((await api(server, "GET", `/v1/surveys/${after.survey}`)).kind).toBe("csat");
  expect((await api(server, "GET", `/v1/surveys/${before.survey}`)).archived_at).not.toBe(null);
  expect(errors).toEqual([]);
});

test("how it is asked is changed in its words, and the score is shown to everyone or to nobody", async () => {
  const { page, errors } = await visit(
    viewAt(server, "/touchpoints/relationship/install#public"),
    signedIn(token),
  );
  await page.getByText("It appears in a corner, together with the page.").waitFor();
  await page.getByLabel("Days in peace").fill("1");
  await page.getByLabel("Seconds before it appears").fill("5");
  await page.getByLabel("Seconds before it appears").blur();
  await page.getByText("It appears in a corner, 5 s after the page.").waitFor();
  await page.getByText("Whoever was asked is left in peace for 1 day.").waitFor();
  await expect
    .poll(() => api(server, "GET", "/v1/touchpoints/relationship"))
    .toMatchObject({
      wait_days: 1,
      delay_seconds: 5,
    });
  await page.getByLabel("Would this person be asked now?").fill("customer-1042");
  await press(page, "Try");
  await page.getByText(/^Yes\. Nothing keeps the survey from being asked\./).waitFor();
  const shown = page.getByRole("switch", { name: "Shown to everyone" });
  await shown.uncheck();
  await page.getByText("Nobody but the members sees this score.").waitFor();
  const isPublic = async () => (await api(server, "GET", "/v1/touchpoints/relationship")).public_score;
  await expect.poll(isPublic).toBe(null);
  await shown.check();
  await page.getByAltText("The badge on a light page").waitFor();
  expect(await isPublic()).toEqual({ period: "90d", threshold: 10 });
  expect(errors).toEqual([]);
});

test("the switch of the public score stands as it was put until the server has answered, and goes back where that refuses", async () => {
  const { page } = await visit(viewAt(server, "/touchpoints/ticket-closed/install#public"), signedIn(token));
  const shown = page.getByRole("switch", { name: "Shown to everyone" });
  const answer = Promise.withResolvers<void>();
  await page.route("**/v1/touchpoints/ticket-closed", async (route) => {
    if (!route.request().postData()?.includes("public_score")) return route.continue();
    await answer.promise;
    const body = JSON.stringify({ type: "/docs#forbidden", title: "No", status: 403, request_id: "r" });
    return route.fulfill({ status: 403, contentType: "application/problem+json", body });
  });
  const before = await shown.isChecked();
  await shown.click();
  // Something else draws the view anew meanwhile.
  await page.getByLabel("Seconds before it appears").fill("7");
  await page.getByLabel("Seconds before it appears").blur();
  await page.getByText("It appears in a corner, 7 s after the page.").waitFor();
  expect(await shown.isChecked()).toBe(!before);
  answer.resolve();
  await expect.poll(() => shown.isChecked()).toBe(before);
});

test("each tool has its snippet with the key, and a mail its row", async () => {
  const { page, errors } = await visit(viewAt(server, "/touchpoints/checkout/install"), signedIn(token));
  const code = page.locator("#install .snippet code");
  const tools = page.getByRole("group", { name: "For" });
  for (const [tool, part] of [
    ["HTML", 'data-touchpoint="checkout"'],
    ["In the page", '<candor-survey touchpoint="checkout">'],
    ["Tag Manager", 'script.setAttribute("data-key", "pk_'],
    ["React", 'touchpoint: "checkout"'],
    ["Vue", "touchpoint: 'checkout'"],
    ["WordPress", 'data-key="pk_'],
    ["Shopify", 'data-key="pk_'],
  ] as const) {
    await tools.getByRole("button", { name: tool, exact: true }).click();
    expect(await code.textContent()).toContain(part);
    expect(await code.textContent()).toMatch(/pk_[0-9a-f]{40}/);
  }
  await tools.getByRole("button", { name: "Row in a mail" }).click();
  const tool = page.getByRole("combobox", { name: "Tool" });
  await tool.focus();
  await tool.selectOption("Mailchimp");
  await code.filter({ hasText: "*|EMAIL|*" }).waitFor();
  expect(errors).toEqual([]);
});

const looks: Looks = {
  light: {},
  dark: { colorScheme: "dark" },
  "right to left": { locale: "ar" },
  "320 px": { viewport: { width: 320, height: 640 }, hasTouch: true },
  German: { locale: "de" },
};

describe.each(openings(looks))("in %s", (_, options, these) => {
  test("axe finds nothing in the steps, the gallery, its dialog and what stands in pages, and nothing is too wide", async () => {
    const { page, errors } = await visit(viewAt(server), { ...signedIn(token), ...options });
    await page.locator(".checklist .snippet").waitFor();
    expect(await faultsInLooks(page, these)).toEqual([]);
    await goTo(page, viewAt(server, "/surveys/new"));
    await page.locator(".templates li").first().waitFor();
    expect(await faultsInLooks(page, these)).toEqual([]);
    await page.locator(".templates button").first().click();
    await page.locator("dialog.make[open]").waitFor();
    expect(await faultsInLooks(page, these)).toEqual([]);
    await goTo(page, viewAt(server, "/touchpoints/checkout/install"));
    await page.locator(".badges img").first().waitFor();
    expect(await faultsInLooks(page, these)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

test("a snippet for Tag Manager and one in the page ask as the plain one does", async () => {
  const { page } = await visit(viewAt(server, "/touchpoints/ticket-closed/install"), signedIn(token));
  for (const tool of ["In the page", "Tag Manager"]) {
    await press(page, tool);
    const shop = await pageWith((await page.locator("#install .snippet code").textContent()) ?? "");
    const visitor = await visit(shop.origin, { locale: "en-GB" });
    await visitor.page.getByText("Demo shop made it easy for me to handle my issue.").waitFor();
    shop.stop();
  }
  await page.getByText("We have seen it.").waitFor();
});
