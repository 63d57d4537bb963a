import type { BrowserContextOptions, Page } from "playwright-core";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Role } from "../../../../shared/contract/members/members.ts";
import type { Server } from "../../../harness.ts";
import { type MailServer, startMailServer } from "../../../mail-server.ts";
import { api, setSender } from "../../../server/mail/mailing.ts";
import { setUpBrowser, visit } from "../../fixture.ts";
import { serveDashboard, signedIn, signIn, viewAt } from "../served.ts";

export let server: Server;
export let mails: MailServer;

/** A browser, and a dashboard of which nobody is a member when a test begins. */
export function setUpSettings(): void {
  setUpBrowser();
  beforeAll(async () => {
    mails = await startMailServer();
    server = await serveDashboard({ MAIL_URL: mails.url });
    await setSender(server);
  });
  beforeEach(async () => {
    // A network has five tries a minute, and all of these are of one.
    for (const table of [
      "sign_in_tries",
      "sessions",
      "passkeys",
      "one_time_links",
      "memberships",
      "members",
      "audit_entries",
    ])
      await server.d1.exec(`DELETE FROM ${table}`);
    mails.taken.length = 0;
  });
  afterAll(async () => {
    await server.stop();
    await mails.stop();
  });
}

/** Somebody who is a member from now on, and a page of the settings that they have opened. */
export async function open(
  item: "members" | "audit" | "account",
  role: Role = "owner",
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[]; token: string }> {
  const token = await signIn(server, role);
  const opened = await visit(viewAt(server, `/settings/${item}`), { ...signedIn(token), ...options });
  await opened.page.locator("h1").waitFor();
  await opened.page.locator("[aria-busy]").first().waitFor({ state: "detached" });
  return { ...opened, token };
}

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: true }).click();
export const said = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
/** Who the API says is what. */
export const roles = async () => {
  const { data } = await api(server, "GET", "/v1/members");
  return data.map(({ name, role }: { name: string; role: string }) => `${name}: ${role}`);
};
/** What the API answers somebody with this session; null where they have none any more. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
export async function readAs(token: string, path: string): Promise<any> {
  const answer = await fetch(server.url + path, { headers: { cookie: `session=${token}` } });
  return answer.status === 401 ? null : answer.json();
}

/** The link in the newest mail. */
export async function mailedLink(): Promise<string> {
  await expect.poll(() => mails.taken.length).toBeGreaterThan(0);
  const { text = "" } = await PostalMime.parse(Buffer.from(mails.taken.at(-1)?.raw ?? "", "latin1"));
  return /http\S+#\w+/.exec(text)?.[0] ?? "";
}

/** Walks by tab alone to what is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const called = () =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      const label = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels?.[0] : null;
      return (
        at?.getAttribute("aria-label") ??
        label?.firstChild?.textContent ??
        at?.textContent ??
        ""
      ).trim();
    });
  for (let step = 0; step < 60; step += 1) {
    if ((await called()) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way by tab to ${name}`);
}
