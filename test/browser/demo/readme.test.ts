import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readmeSnippets } from "../../docs/readme.ts";
import { type Server, startServer } from "../../harness.ts";
import { openBrowser } from "../browser.ts";
import { serveSite } from "../site.ts";

let server: Server;
let browser: Browser;
let site: Awaited<ReturnType<typeof serveSite>>;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  const snippets = (await readmeSnippets()).filter(({ language }) => language === "html");
  const headers = { authorization: `Bearer ${server.readKey}` };
  const checkout = await fetch(`${server.url}/v1/touchpoints/checkout`, { headers });
  const { id } = await checkout.json<{ id: string }>();
  const filled = snippets.map(({ text }) =>
    text
      .replaceAll("http://localhost:8787", server.url)
      .replaceAll("pk_…", server.publishableKey)
      .replaceAll("tp_…", id),
  );
  site = await serveSite(filled);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  site.stop();
});

test.each([
  ["popover", 0, "relationship", "9 of 10"],
  ["inline", 1, "checkout", "4 of 5"],
])(
  "the README's %s snippet, pasted into a page, asks and saves an answer",
  async (_, index, touchpoint, label) => {
    expect(site.pages).toHaveLength(3);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.pages[index] ?? "");
    await page.getByRole("radio", { name: label, exact: true }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Thank you for your feedback.").waitFor();
    await context.close();
    const headers = { authorization: `Bearer ${server.readKey}` };
    const answer = await fetch(`${server.url}/v1/responses?touchpoint=${touchpoint}`, { headers });
    const { data } = await answer.json<{ data: unknown[] }>();
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ touchpoint, channel: "widget", rating: Number.parseInt(label, 10) });
  },
);

test("the README's badge and figure, pasted into a page, are shown", async () => {
  const page = await browser.newPage();
  await page.goto(site.pages[2] ?? "");
  await page.frameLocator("iframe").getByText("not enough responses yet").waitFor();
  const width = await page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth);
  expect(width).toBeGreaterThan(0);
  await page.close();
});
