import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { server, setUpServer, visit } from "../fixture.ts";
import { serveSite } from "../site.ts";

/** One more entry in shared/surveys/kinds.ts and nothing else: product/market fit, as Sean Ellis asks it. */
const entry = `
  pmf: {
    title: "Product/market fit",
    question: "How would you feel if you could no longer use {subject}?",
    low: "Not disappointed",
    high: "Very disappointed",
    look: "numbers",
    scales: [{ min: 1, max: 3 }],
    buckets: () => [
      { name: "indifferent", from: 1, weight: 0 },
      { name: "somewhat", from: 2, weight: 0 },
      { name: "devoted", from: 3, weight: 1 },
    ],
    topMovable: false,
    bucketLabels: { devoted: "would miss it" },
    headline: "percentage",
    second: null,
  },`;

const oneMoreKind: Plugin = {
  name: "one more kind",
  setup: ({ onLoad }) =>
    onLoad({ filter: /shared[\\/]surveys[\\/]kinds\.ts$/ }, async ({ path }) => {
      const table = "export const KINDS: Record<string, Kind> = {";
      const source = await readFile(path, "utf8");
      if (!source.includes(table)) throw new Error("the table of kinds is not where this test expects it");
      return { contents: source.replace(table, table + entry), loader: "ts" };
    }),
};

setUpServer(() => ({ plugins: [oneMoreKind] }));

test("a new kind is one entry: it is asked, answered and scored in widget, survey link and API", async () => {
  const src = `${server.url}/v1/widget.js`;
  const site = await serveSite([
    `<script async src="${src}" data-key="${server.publishableKey}" data-touchpoint="fit"></script>`,
  ]);
  onTestFinished(site.stop);
  const api = async (path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" };
    const sent = body ? { method: "POST", body: JSON.stringify(body) } : {};
    return await fetch(server.url + path, { headers, ...sent });
  };
  const survey = await api("/v1/surveys", { name: "Fit", kind: "pmf", subject: "Demo shop" });
  const { id } = await survey.json<{ id: string }>();
  expect((await api("/v1/touchpoints", { name: "fit", survey: id })).status).toBe(201);
  // Only English words this kind so far, so everything is in English, the button too.
  const german = await fetch(`${server.url}/v1/ask?key=${server.publishableKey}&touchpoint=fit&locale=de`);
  expect(await german.json()).toMatchObject({ locale: "en", texts: { send: "Send" } });
  const { page } = await visit(site.pages[0] ?? "");
  await page.getByText("How would you feel if you could no longer use Demo shop?").waitFor();
  await page.getByRole("radio", { name: "3 of 3, Very disappointed" }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you for your feedback.").waitFor();

  const link = await (await api("/v1/links", { touchpoint: "fit" })).json<{ url: string }>();
  await page.goto(`${link.url}?rating=1`);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you for your feedback.").waitFor();

  expect(await (await api("/v1/touchpoints/fit/score")).json()).toMatchObject({
    kind: "pmf",
    unit: "percent",
    score: 50,
    n: 2,
    mean: null,
    distribution: [
      { rating: 1, count: 1 },
      { rating: 2, count: 0 },
      { rating: 3, count: 1 },
    ],
    buckets: [
      { name: "indifferent", count: 1, share: 50 },
      { name: "somewhat", count: 0, share: 0 },
      { name: "devoted", count: 1, share: 50 },
    ],
  });
  expect((await api("/v1/scores?group_by=channel")).status).toBe(200);

  const shown = { name: "again", survey: id, public_score: { threshold: 1 } };
  const again = await (await api("/v1/touchpoints", shown)).json<{ id: string }>();
  await api("/v1/responses", { id: crypto.randomUUID(), touchpoint: "again", rating: 3 });
  const badge = await (await api(`/v1/public/${again.id}/badge.svg`)).text();
  expect(badge).toContain("Product/market fit: 100\u00a0% would miss it");
});
