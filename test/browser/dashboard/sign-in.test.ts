import type { BrowserContextOptions, Page } from "playwright-core";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Server } from "../../harness.ts";
import { type MailServer, startMailServer } from "../../mail-server.ts";
import { setSender } from "../../server/mail/mailing.ts";
import { setUpBrowser, visit } from "../fixture.ts";
import { faultsInLooks, type Looks, openings, pageFaults } from "../page-faults.ts";
import { addAuthenticator, linkAt, serveDashboard, signedIn, signIn, viewAt } from "./served.ts";

let server: Server;
let mails: MailServer;

setUpBrowser();
beforeAll(async () => {
  mails = await startMailServer();
  server = await serveDashboard({ MAIL_URL: mails.url });
  await setSender(server);
});
beforeEach(async () => {
  // A network has five tries a minute, and all of these are of one.
  await server.d1.exec("DELETE FROM sign_in_tries");
});
afterAll(async () => {
  await server.stop();
  await mails.stop();
});

const setUpLink = () => linkAt(server, "setup", { workspace: server.ref, role: "owner" });

/** A new member whose address is proven, and their ref. */
async function memberWith(address: string): Promise<number> {
  const sql = "INSERT INTO members (id, name, address, created_at) VALUES (?1, 'Ann', ?2, 0) RETURNING ref";
  const row = await server.d1.prepare(sql).bind(`mbr_${address}`, address).first<{ ref: number }>();
  const ref = row?.ref ?? 0;
  await server.d1
    .prepare(
      "INSERT INTO memberships (workspace_ref, member_ref, role, created_at) VALUES (?1, ?2, 'editor', 0)",
    )
    .bind(server.ref, ref)
    .run();
  return ref;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
const english: BrowserContextOptions = { locale: "en-GB" };

/** Becomes an owner by the set-up link, with a passkey. */
async function becomeOwner(): Promise<{ page: Page; errors: string[] }> {
  const opened = await visit(await setUpLink(), english);
  const { page } = opened;
  await heading(page, "Make this Candor yours");
  expect(page.url()).toBe(`${server.url}/app/setup`);
  await page.getByText("becomes the owner of Test").waitFor();
  await page.getByLabel("Your name").fill("Mara Keller");
  await press(page, "Become the owner");
  await heading(page, "Come back by passkey");
  expect(await pageFaults(page)).toEqual([]);
  await addAuthenticator(page);
  await press(page, "Create a passkey");
  await page.waitForURL(viewAt(server));
  await heading(page, "Home");
  return opened;
}

test("the set-up link leads by a name and a passkey to Home, and the passkey back to where one wanted to go", async () => {
  const { page, errors } = await becomeOwner();
  await page.getByText("Mara Keller").waitFor();
  // Home looks every three seconds whether the snippet has arrived: without its session it would be refused.
  await page.goto("about:blank");
  await page.context().clearCookies();
  const wanted = viewAt(server, "/touchpoints/checkout?period=7d");
  await page.goto(wanted);
  await heading(page, "Sign in");
  await press(page, "With a passkey");
  await page.waitForURL(wanted);
  await heading(page, "checkout");
  expect(errors).toEqual([]);
});

test("who makes no passkey, or whose browser knows none, comes to Home as well", async () => {
  const { page } = await visit(await setUpLink(), english);
  await page.getByLabel("Your name").fill("Eve");
  await press(page, "Become the owner");
  await press(page, "Later");
  await page.waitForURL(viewAt(server));
  const invited = await linkAt(server, "invitation", { workspace: server.ref, role: "analyst" });
  const { page: old, errors } = await visit(invited, english, (fresh) =>
    fresh.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential")),
  );
  await heading(old, "Join Test");
  await old.getByText("an analyst, who reads scores and answers").waitFor();
  await old.getByLabel("Your name").fill("Sam Kim");
  await press(old, "Join");
  await old.waitForURL(viewAt(server));
  await old.getByText("Sam Kim").waitFor();
  await old.goto(`${server.url}/app/login`);
  await heading(old, "Sign in");
  expect(await old.getByRole("button", { name: "With a passkey" }).count()).toBe(0);
  expect(errors).toEqual([]);
});

test("a link is mailed to a member, and the page reads the same for whoever is none", async () => {
  await memberWith("ann@shop.example");
  const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const { page, errors } = await visit(`${server.url}/app/login`, { ...english, userAgent });
  const read: string[] = [];
  for (const email of ["nobody@shop.example", "ann@shop.example"]) {
    await page.getByLabel("Mail address").fill(email);
    await press(page, "Mail me a link");
    await heading(page, "Look into your mail");
    read.push((await page.locator("main").innerText()).replace(email, "").replace(/0:\d\d/, ""));
    expect(await page.getByRole("button", { name: /^Send again in/ }).isDisabled()).toBe(true);
    if (email.startsWith("nobody")) await press(page, "Another address");
  }
  expect(read[0]).toBe(read[1]);
  expect(await pageFaults(page)).toEqual([]);
  await expect.poll(() => mails.taken.length).toBe(1);
  const [mail] = mails.taken.splice(0);
  expect(mail?.to).toBe("ann@shop.example");
  const { text = "" } = await PostalMime.parse(Buffer.from(mail?.raw ?? "", "latin1"));
  await page.goto(/http\S+#\w+/.exec(text)?.[0] ?? "");
  await heading(page, "Is it you?");
  expect(page.url()).toBe(`${server.url}/app/login`);
  await page
    .getByText(/^A link for ann@shop\.example was asked for \d+ seconds? ago, in Firefox on Linux\.$/)
    .waitFor();
  expect(await pageFaults(page)).toEqual([]);
  await press(page, "Yes, sign me in");
  await page.waitForURL(viewAt(server));
  expect(errors).toEqual([]);
});

test("to open a link uses nothing up, and whoever did not ask for it ends it", async () => {
  const memberRef = await memberWith("ben@shop.example");
  const link = await linkAt(server, "login", { memberRef });
  for (const title of ["Is it you?", "Is it you?"]) {
    const { page } = await visit(link, english);
    await heading(page, title);
    await page.getByText(/^Whoever runs this Candor printed this link/).waitFor();
    await page.context().close();
  }
  const { page } = await visit(link, english);
  await press(page, "No, that was not me");
  await heading(page, "The link is ended");
  expect(await pageFaults(page)).toEqual([]);
  const { page: late } = await visit(link, english);
  await heading(late, "This link does not work");
  expect(await pageFaults(late)).toEqual([]);
  expect(await late.context().cookies()).toEqual([]);
});

test("an address is proven where its member is signed in, and nowhere else", async () => {
  const token = await signIn(server);
  const row = await server.d1.prepare("SELECT MAX(ref) AS ref FROM members").first<{ ref: number }>();
  const given = { memberRef: row?.ref ?? 0, address: "mara@shop.example", mailed: true };
  const link = await linkAt(server, "address", given);
  const { page: elsewhere } = await visit(link, english);
  await press(elsewhere, "Yes, it is mine");
  await elsewhere.getByText(/^You are not signed in here/).waitFor();
  expect(await pageFaults(elsewhere)).toEqual([]);
  const { page, errors } = await visit(link, signedIn(token));
  await page.getByText("mara@shop.example was given as somebody’s address").waitFor();
  await press(page, "Yes, it is mine");
  await heading(page, "It is yours");
  await page.getByRole("link", { name: "To your dashboard" }).click();
  await page.waitForURL(viewAt(server));
  expect(errors).toEqual([]);
});

test.each([
  "//evil.example/app/w/1",
  "https://evil.example/app/w/1",
  "/\\evil.example/app/w/1",
  "javascript:alert(1)//app/w/1",
  "/docs",
])("signing in leads to no %s", async (to) => {
  const memberRef = await memberWith(`${crypto.randomUUID()}@shop.example`);
  const { hash } = new URL(await linkAt(server, "login", { memberRef }));
  const query = new URLSearchParams({ to });
  const { page, errors } = await visit(`${server.url}/app/login?${query}${hash}`, english);
  await press(page, "Yes, sign me in");
  await page.waitForURL(viewAt(server));
  await heading(page, "Home");
  expect(errors).toEqual([]);
});

test("whoever signs out by the palette is out, here and with the token", async () => {
  const token = await signIn(server);
  const { page, errors } = await visit(viewAt(server), signedIn(token));
  await heading(page, "Home");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).fill("sign out");
  await page.keyboard.press("Enter");
  await heading(page, "Sign in");
  expect(await page.context().cookies()).toEqual([]);
  await page.goto(`${server.url}/app`);
  await heading(page, "Sign in");
  const answer = await fetch(`${server.url}/v1/session`, { headers: { cookie: `session=${token}` } });
  expect(answer.status).toBe(401);
  expect(errors).toEqual([]);
});

test("while somebody signs out nothing is asked that would be refused, and all of it goes on where that fails", async () => {
  const token = await signIn(server);
  const { page } = await visit(viewAt(server), signedIn(token));
  await heading(page, "Home");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const failing = Promise.withResolvers<void>();
  await page.route("**/v1/session", async (route) => {
    await failing.promise;
    await route.abort();
  });
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).fill("sign out");
  await page.keyboard.press("Enter");
  await expect.poll(() => asked).toContain("DELETE /v1/session");
  const before = asked.length;
  // Another view, which asks what it shows.
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Members" }).click();
  await page.locator(".bone").first().waitFor();
  expect(asked.slice(before).filter((one) => one.includes(" /v1/"))).toEqual([]);
  failing.resolve();
  await expect.poll(() => asked.slice(before)).toContain("GET /v1/members");
  await page.getByText("The server was not reached; nothing is lost.").first().waitFor();
});

test("a session that has ended goes on by the passkey, where one was, and what was asked goes out again", async () => {
  const { page } = await becomeOwner();
  await server.d1.exec("DELETE FROM sessions");
  const dialog = page.getByRole("dialog", { name: "You were signed out" });
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "With a passkey");
  await press(page, "Go on");
  await dialog.getByText("You are still signed out.").waitFor();
  const again = page.waitForResponse(/\/v1\/scores\/stream/);
  await press(page, "With a passkey");
  await dialog.waitFor({ state: "hidden" });
  expect((await again).ok()).toBe(true);
  expect(page.url()).toBe(viewAt(server));
});

test("whoever signs in as somebody else meanwhile gets a page of their own", async () => {
  const first = await signIn(server);
  const { page } = await visit(viewAt(server), signedIn(first));
  await page.getByText("Mara Keller").waitFor();
  await server.d1.exec("DELETE FROM sessions");
  await page.getByRole("dialog", { name: "You were signed out" }).waitFor();
  expect(await pageFaults(page)).toEqual([]);
  const ref = await memberWith("zoe@shop.example");
  const { page: beside } = await visit(await linkAt(server, "login", { memberRef: ref }), english);
  await press(beside, "Yes, sign me in");
  await beside.waitForURL(viewAt(server));
  await page.context().addCookies(await beside.context().cookies());
  await press(page, "Go on");
  await page.getByText("Ann", { exact: true }).waitFor();
  expect(await page.getByText("Mara Keller").count()).toBe(0);
});

test("another's workspace says in words that there is nothing, and leads to one's own", async () => {
  const { page } = await visit(
    `${server.url}/app/w/wsp_other/touchpoints/checkout`,
    signedIn(await signIn(server)),
  );
  await heading(page, "There is nothing here for you");
  expect(await pageFaults(page)).toEqual([]);
  await page.getByRole("link", { name: "To your dashboard" }).click();
  await page.waitForURL(viewAt(server));
});

const looks: Looks = {
  light: english,
  dark: { ...english, colorScheme: "dark" },
  "right to left": { locale: "ar" },
  German: { locale: "de" },
  "320 px": { ...english, viewport: { width: 320, height: 640 }, hasTouch: true },
  "forced colours": { ...english, forcedColors: "active" },
};

describe.each(openings(looks))("in %s", (_, options, these) => {
  test("axe finds nothing in signing in and in the set-up, and nothing is wider than the window", async () => {
    const { page, errors } = await visit("about:blank", options);
    for (const address of [`${server.url}/app/login`, await setUpLink(), `${server.url}/app/join`]) {
      await page.goto(address);
      await page.locator("h1").waitFor();
      await page.locator("main .btn").first().waitFor();
      expect(await faultsInLooks(page, these)).toEqual([]);
    }
    expect(errors).toEqual([]);
  });
});
