import type { BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Server } from "../../harness.ts";
import { addMember, startTeam } from "../../server/members/access-team.ts";
import { setUpBrowser, visit } from "../fixture.ts";
import { pageFaults } from "../page-faults.ts";
import { serveDashboard, viewAt } from "./served.ts";

let team: Awaited<ReturnType<typeof startTeam>>;
let server: Server;

setUpBrowser();
beforeAll(async () => {
  team = await startTeam();
  server = await serveDashboard(team.vars);
  await addMember(server, "mara@shop.example");
});
beforeEach(async () => {
  // A network has five tries a minute, and all of these are of one.
  await server.d1.exec("DELETE FROM sign_in_tries");
});
afterAll(async () => {
  await server.stop();
  await team.stop();
});

/** A browser as Cloudflare Access lets it through. */
const letIn = async (address: string): Promise<BrowserContextOptions> => ({
  locale: "en-GB",
  extraHTTPHeaders: { "cf-access-jwt-assertion": await team.token(address) },
});

test("whom Access lets in comes straight to where they wanted, and after signing out stays out until they ask", async () => {
  const wanted = viewAt(server, "/touchpoints/checkout?period=7d");
  const { page, errors } = await visit(wanted, await letIn("mara@shop.example"));
  await page.waitForURL(wanted);
  await page.getByText("Mara Keller").waitFor();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).fill("sign out");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${server.url}/app/login?ask`);
  const again = page.getByRole("button", { name: "Through Cloudflare Access" });
  await again.waitFor();
  expect(await page.context().cookies()).toEqual([]);
  expect(await pageFaults(page)).toEqual([]);
  await again.click();
  await page.waitForURL(viewAt(server));
  expect(errors).toEqual([]);
});

test("whom it lets in and who is no member finds the other ways, and reads why", async () => {
  const { page } = await visit(`${server.url}/app`, await letIn("nobody@shop.example"));
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await page.getByLabel("Mail address").waitFor();
  await page.getByRole("button", { name: "Through Cloudflare Access" }).click();
  await page.getByText("Cloudflare Access showed nobody who is a member here.").waitFor();
  expect(await pageFaults(page)).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
});
