import { afterAll, beforeAll, expect, test } from "vitest";
import { readmeSnippets } from "../../docs/readme.ts";
import { server, setUpServer, visit } from "../fixture.ts";
import { serveSite } from "../site.ts";

let site: Awaited<ReturnType<typeof serveSite>>;

setUpServer();
beforeAll(async () => {
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
afterAll(() => site.stop());

test.each([
  ["popover", 0, "relationship", "9 of 10"],
  ["inline", 1, "checkout", "4 of 5"],
])(
  "the README's %s snippet, pasted into a page, asks and saves an answer",
  async (_, index, touchpoint, label) => {
    expect(site.pages).toHaveLength(3);
    const { page } = await visit(site.pages[index] ?? "");
    await page.getByRole("radio", { name: label, exact: true }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Thank you for your feedback.").waitFor();
    const headers = { authorization: `Bearer ${server.readKey}` };
    const answer = await fetch(`${server.url}/v1/responses?touchpoint=${touchpoint}`, { headers });
    const { data } = await answer.json<{ data: unknown[] }>();
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ touchpoint, channel: "widget", rating: Number.parseInt(label, 10) });
  },
);

test("the README's badge and figure, pasted into a page, are shown", async () => {
  const { page } = await visit(site.pages[2] ?? "");
  await page.frameLocator("iframe").getByText("not enough responses yet").waitFor();
  const width = await page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth);
  expect(width).toBeGreaterThan(0);
});
