import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quickLooks } from "../../quick-looks.ts";
import { setUpStage, stage } from "../fixture.ts";
import { pageFaults } from "../page-faults.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-wall-"));
});
afterAll(() => rm(folder, { recursive: true }));
setUpStage(() => ({ plugins: [quickLooks()], persistTo: folder, onLog: () => undefined }));
beforeAll(() => respond(5));

async function respond(rating: number): Promise<void> {
  const answer = await fetch(`${stage.origin}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.candor.secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ id: crypto.randomUUID(), touchpoint: "checkout", rating }),
  });
  expect(answer.status).toBe(201);
}

async function connect(key: string): Promise<Page> {
  const page = await stage.visit("wall", { viewport: { width: 1280, height: 720 } });
  await page.getByLabel("A secret key that may only read").fill(key);
  await page.getByRole("button", { name: "Show the scores" }).click();
  return page;
}

test("a response moves the score on the wall without a reload, and so does one after the server was restarted", async () => {
  const page = await connect(stage.candor.readKey);
  await page.getByText("100.0 %", { exact: true }).waitFor();
  await page.getByText(/· 1 response$/).waitFor();
  await respond(1);
  await page.getByText("50.0 %", { exact: true }).waitFor();
  expect(await page.locator("[aria-live]").textContent()).toBe("checkout: 50.0 %, from 2 responses");
  expect(await pageFaults(page)).toEqual([]);

  await stage.restart(() => page.getByText("Connection lost").waitFor());
  await page.getByText("Live", { exact: true }).waitFor();
  await respond(1);
  await page.getByText("33.3 %", { exact: true }).waitFor();
});

test("a key that is refused is said so and forgotten; one that works is kept in the tab and in no address", async () => {
  const page = await connect(`sk_${"0".repeat(40)}`);
  await page.getByText("A valid key is needed.").waitFor();
  expect(await page.evaluate(() => ({ ...sessionStorage }))).toEqual({});
  expect(await pageFaults(page)).toEqual([]);
  await page.getByLabel("A secret key that may only read").fill(stage.candor.readKey);
  await page.keyboard.press("Enter");
  await page.getByText("Live", { exact: true }).waitFor();
  await page.reload();
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, ""]);
  expect(stage.requests.filter((sent) => sent.includes("sk_"))).toEqual([]);
});
