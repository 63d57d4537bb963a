import { expect, test } from "vitest";
import { pageFaults } from "../../page-faults.ts";
import { addAuthenticator, signIn, viewAt } from "../served.ts";
import {
  mailedLink,
  mails,
  open,
  press,
  readAs,
  roles,
  said,
  server,
  setUpSettings,
  tabTo,
} from "./settings.ts";

setUpSettings();

test("one's own name is changed and taken back, and the language and the zone are the page's from then on", async () => {
  const { page, errors, token } = await open("account");
  await page.getByLabel("Your name").fill("Mara K.");
  await press(page, "Save");
  await said(page, "Saved.");
  await page.locator(".side").getByText("Mara K.").waitFor();
  await press(page, "Undo");
  await page.locator(".side").getByText("Mara Keller").waitFor();
  const member = async () => (await readAs(token, "/v1/session")).member;
  await expect.poll(async () => (await member()).name).toBe("Mara Keller");
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await page.getByLabel("Language").selectOption("de");
  await press(page, "Save");
  await page.getByRole("heading", { level: 1, name: "Ihr Konto" }).waitFor();
  expect(await member()).toMatchObject({ locale: "de", time_zone: "Asia/Tokyo" });
  expect(await page.getByLabel("Zeitzone").inputValue()).toBe("Asia/Tokyo");
  expect(errors).toEqual([]);
});

test("a passkey is added under a name, by keyboard, signs in, and is removed", async () => {
  const { page, errors } = await open("account");
  await addAuthenticator(page);
  await tabTo(page, "What to call it");
  await page.keyboard.type("Laptop");
  await page.keyboard.press("Enter");
  await said(page, "Laptop signs you in from now on.");
  await said(page, /^Since .*, not used yet\.$/);
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto(viewAt(server, "/settings/account"));
  await press(page, "With a passkey");
  await page.waitForURL(viewAt(server, "/settings/account"));
  await said(page, /^Since .*, last used on/);
  await press(page, "Remove Laptop");
  const dialog = page.getByRole("dialog", { name: "Remove Laptop" });
  await dialog.getByText("It is your only way to sign in by yourself").waitFor();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await said(page, /^None yet\./);
  await page.waitForFunction(() => document.activeElement?.id === "passkeys");
  expect(errors).toEqual([]);
});

test("a passkey is renamed in its place, by keyboard, and has its former name back by a request", async () => {
  const { page, errors, token } = await open("account");
  await addAuthenticator(page);
  await page.getByLabel("What to call it").fill("Laptop");
  await press(page, "Add a passkey");
  await said(page, "Laptop signs you in from now on.");
  const names = async () =>
    (await readAs(token, "/v1/passkeys")).data.map(({ name }: { name: string }) => name);
  const opener = (name: string) => page.getByRole("button", { name: `Rename ${name}`, exact: true });
  const isAt = (name: string) =>
    page.waitForFunction((label) => document.activeElement?.getAttribute("aria-label") === label, name);
  const startRenaming = async () => {
    await opener("Laptop").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "rename");
  };
  await startRenaming();
  expect(await pageFaults(page)).toEqual([]);
  await page.keyboard.type("not this");
  await page.keyboard.press("Escape");
  await isAt("Rename Laptop");
  expect(await names()).toEqual(["Laptop"]);
  await startRenaming();
  await page.keyboard.type(" Mara’s laptop ");
  await page.keyboard.press("Enter");
  await said(page, "It is called Mara’s laptop now.");
  await isAt("Rename Mara’s laptop");
  expect(await names()).toEqual(["Mara’s laptop"]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await opener("Laptop").waitFor();
  await expect.poll(names).toEqual(["Laptop"]);
  expect(errors).toEqual([]);
});

/** As if everybody had signed in an hour ago. */
const age = () => server.d1.exec("UPDATE sessions SET created_at = created_at - 3600000");

test("what a session is too old for waits for a sign-in, goes out then, and costs no typed word", async () => {
  const { page } = await open("account");
  await addAuthenticator(page);
  await press(page, "Add a passkey");
  await said(page, /signs you in from now on\.$/);
  await age();
  const field = page.getByLabel("Your address");
  await field.fill("mara@shop.example");
  await press(page, "Mail me a link");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "With a passkey");
  await page.keyboard.press("Escape");
  await said(page, "Not done: it takes a sign-in of the last 15 minutes.");
  expect(await field.inputValue()).toBe("mara@shop.example");
  await press(page, "Mail me a link");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await dialog.getByText("The last sign-in here is longer ago than 15 minutes.").waitFor();
  expect(mails.taken).toEqual([]);
  await press(page, "With a passkey");
  await dialog.waitFor({ state: "hidden" });
  await said(page, /^A link is on its way to mara@shop\.example\./);
  const beside = await page.context().newPage();
  await beside.goto(await mailedLink());
  await press(beside, "Yes, it is mine");
  await beside.getByRole("heading", { name: "It is yours" }).waitFor();
  await beside.close();
  await page.reload();
  await said(page, "A link to sign in can go to mara@shop.example.");
});

test("a refusal that comes at once, before the dialog before has closed, opens the next one for good", async () => {
  const { page } = await open("account");
  const problem = { type: "/docs#sign-in-again", title: "Sign in again", status: 403 };
  await page.route("**/v1/session/email", (route) =>
    route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(problem) }),
  );
  await page.getByLabel("Your address").fill("mara@shop.example");
  await press(page, "Mail me a link");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  await page.evaluate(() => {
    Object.assign(window, { closes: 0 });
    addEventListener("close", () => Object(window).closes++, true);
    // As on a machine that paints late: the refusal comes before what follows a paint.
    window.requestAnimationFrame = () => 0;
  });
  await dialog.getByRole("button", { name: "Go on" }).click();
  // Told of its closing, the next one stays all the same.
  await page.waitForFunction(() => Object(window).closes === 1, null, { polling: 50 });
  await dialog.getByText("The last sign-in here is longer ago than 15 minutes.").waitFor();
  await page.keyboard.press("Escape");
  await said(page, "Not done: it takes a sign-in of the last 15 minutes.");
});

test("somebody without a passkey signs in beside the page by mail, and goes on", async () => {
  await signIn(server, "owner", "Jonas Adler");
  const { page, token } = await open("account");
  await server.d1.exec("UPDATE members SET address = 'mara@shop.example' WHERE name = 'Mara Keller'");
  await age();
  await press(page, "Delete my account");
  await page
    .getByRole("dialog", { name: "Delete your account?" })
    .getByRole("button", { name: "Delete my account" })
    .click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  expect(await pageFaults(page)).toEqual([]);
  const [beside] = await Promise.all([
    page.context().waitForEvent("page"),
    dialog.getByRole("link", { name: "Sign in", exact: true }).click(),
  ]);
  await beside.getByLabel("Mail address").fill("mara@shop.example");
  await press(beside, "Mail me a link");
  await beside.getByRole("heading", { name: "Look into your mail" }).waitFor();
  await beside.goto(await mailedLink());
  await press(beside, "Yes, sign me in");
  await beside.waitForURL(viewAt(server));
  await dialog.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL(/\/app\/login/);
  expect(await roles()).toEqual(["Jonas Adler: owner"]);
  expect(await readAs(token, "/v1/session")).toBe(null);
});

test("one signs out elsewhere, one by one or all at once", async () => {
  const { page, errors, token } = await open("account");
  const row = await server.d1.prepare("SELECT member_ref AS ref FROM sessions").first<{ ref: number }>();
  const others = ["Safari on iPhone", "Chrome on Windows", "Edge on Windows"];
  for (const [index, device] of others.entries())
    await server.d1
      .prepare(
        `INSERT INTO sessions (id, member_ref, hash, rotated_at, means, device, created_at, last_used_at, ends_at)
         VALUES (?1, ?2, ?1, ?3, 'login', ?4, ?3, ?3, ?3 + 86400000)`,
      )
      .bind(`ses_${index}`, row?.ref, Date.now(), device)
      .run();
  await page.reload();
  await press(page, "Sign out Safari on iPhone");
  const one = page.getByRole("dialog", { name: "Sign out Safari on iPhone" });
  await one.getByRole("button", { name: "Sign out", exact: true }).click();
  await said(page, "It is signed out.");
  const devices = async () =>
    (await readAs(token, "/v1/sessions")).data.map(({ device }: { device: string }) => device);
  expect(await devices()).not.toContain("Safari on iPhone");
  expect(await devices()).toHaveLength(3);
  await press(page, "Sign out everywhere");
  const all = page.getByRole("dialog", { name: "Sign out everywhere else?" });
  await all.getByRole("button", { name: "Sign out everywhere" }).click();
  await said(page, "You are signed out everywhere else.");
  expect(await devices()).toHaveLength(1);
  await press(page, "Sign out everywhere");
  expect(await pageFaults(page)).toEqual([]);
  await all.getByRole("checkbox", { name: "This one too" }).check();
  await all.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.waitForURL(/\/app\/login/);
  expect(await readAs(token, "/v1/sessions")).toBe(null);
  expect(errors).toEqual([]);
});
