import { expect, test } from "vitest";
import { visit } from "../../fixture.ts";
import { signIn } from "../served.ts";
import { mailedLink, mails, open, press, roles, said, server, setUpSettings, tabTo } from "./settings.ts";

setUpSettings();

/** What is answered to whoever opens a link. */
const readStatus = async (link: string) => {
  const { status } = await fetch(`${server.url}/v1/one-time-links/read`, {
    method: "POST",
    headers: { origin: server.url, "content-type": "application/json" },
    body: JSON.stringify({ token: new URL(link).hash.slice(1) }),
  });
  return status;
};

test("an owner gives another role and removes, and each is taken back by a request", async () => {
  await signIn(server, "analyst", "Sam Kim");
  const { page, errors } = await open("members");
  await page.getByRole("combobox", { name: "Role of Sam Kim" }).selectOption("editor");
  await said(page, "Sam Kim is editor now.");
  expect(await roles()).toContain("Sam Kim: editor");
  await press(page, "Undo");
  await expect.poll(roles).toContain("Sam Kim: analyst");
  expect(await page.getByRole("combobox", { name: "Role of Sam Kim" }).inputValue()).toBe("analyst");
  await press(page, "Remove Sam Kim");
  await said(page, /^Sam Kim is removed/);
  expect(await roles()).toEqual(["Mara Keller: owner"]);
  await page.waitForFunction(() => document.activeElement?.id === "who");
  await page.keyboard.press("ControlOrMeta+z");
  await expect.poll(roles).toContain("Sam Kim: analyst");
  await page.getByRole("combobox", { name: "Role of Sam Kim" }).waitFor();
  expect(errors).toEqual([]);
});

test("by keyboard alone one comes to the members, invites by a link that is shown once, and takes it back", async () => {
  const { page, errors } = await open("account");
  await page.keyboard.press("g");
  await page.keyboard.press(",");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "main");
  expect(await page.title()).toBe("Settings · Test · Candor");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Find or do" }).fill("members");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Members" }).waitFor();
  await tabTo(page, "By link");
  await page.keyboard.press("Enter");
  await tabTo(page, "Role");
  await page.keyboard.press("a");
  await said(page, "Reads scores, answers, surveys and sends.");
  await tabTo(page, "Make a link");
  await page.keyboard.press("Enter");
  const field = page.getByLabel("Link of the invitation");
  await field.waitFor();
  const link = await field.inputValue();
  expect(link).toMatch(/\/app\/join#[0-9a-f]{64}$/);
  await said(page, "A link that was handed over");
  await tabTo(page, "Take back: A link that was handed over");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Take the invitation back?" }).waitFor();
  await tabTo(page, "Take back");
  await page.keyboard.press("Enter");
  await said(page, "Nobody is invited at the moment.");
  expect(await readStatus(link)).toBe(422);
  await page.reload();
  await said(page, "Nobody is invited at the moment.");
  expect(await page.getByLabel("Link of the invitation").count()).toBe(0);
  expect(errors).toEqual([]);
});

test("whoever is invited by mail joins by it, and an invitation is undone as long as nobody has", async () => {
  const { page, errors } = await open("members");
  await page.getByLabel("Mail address").fill("tom@shop.example");
  await press(page, "Send");
  await said(page, "A link is on its way to tom@shop.example.");
  await said(page, /^editor, by Mara Keller on/);
  const link = await mailedLink();
  const { page: beside } = await visit(link, { locale: "en-GB" });
  await beside.getByLabel("Your name").fill("Tom Berger");
  await press(beside, "Join");
  await expect.poll(roles).toContain("Tom Berger: editor");
  await page.getByLabel("Mail address").fill("eve@shop.example");
  await press(page, "Send");
  await said(page, "A link is on its way to eve@shop.example.");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await said(page, "Nobody is invited at the moment.");
  expect(errors).toEqual([]);
});

test("an invitation that got lost is mailed again or gets another link, and the one before ends", async () => {
  const { page, errors } = await open("members");
  await page.getByLabel("Mail address").fill("tom@shop.example");
  await press(page, "Send");
  await said(page, "A link is on its way to tom@shop.example.");
  const first = await mailedLink();
  await press(page, "Send again: tom@shop.example");
  const again = page.getByRole("dialog", { name: "Send the invitation again?" });
  await again.getByText("The one before works no more.").waitFor();
  await again.getByRole("button", { name: "Send again", exact: true }).click();
  await expect.poll(() => mails.taken.length).toBe(2);
  expect([await readStatus(first), await readStatus(await mailedLink())]).toEqual([422, 200]);
  await page.waitForFunction(() => document.activeElement?.id === "invited");
  await press(page, "By link");
  await press(page, "Make a link");
  const field = page.getByLabel("Link of the invitation");
  const lost = await field.inputValue();
  await press(page, "New link: A link that was handed over");
  const renewal = page.getByRole("dialog", { name: "Make a new link?" });
  await renewal.getByRole("button", { name: "New link", exact: true }).click();
  await expect.poll(() => field.inputValue()).not.toBe(lost);
  await page.waitForFunction(() => document.activeElement?.hasAttribute("readonly"));
  expect([await readStatus(lost), await readStatus(await field.inputValue())]).toEqual([422, 200]);
  await page.getByRole("link", { name: "Audit log" }).click();
  await said(page, "Mara Keller renewed an invitation");
  expect(errors).toEqual([]);
});

test("what a role may not do is there, disabled, with the reason, and asks for nothing that is refused", async () => {
  await signIn(server, "owner", "Mara Keller");
  const { page, errors } = await open("members", "editor");
  await said(page, "Only owners invite, give roles and remove. Owners here: Mara Keller.");
  expect(await page.locator(".rights :is(td, .drop) > :is(select, button)").count()).toBe(3);
  for (const control of await page
    .locator(".rights :is(td, .drop) > :is(select, button), .boxed :is(button, select, input)")
    .all())
    expect(await control.isDisabled()).toBe(true);
  const described = page.locator('[aria-describedby="why-not"]').first();
  expect(await described.isVisible()).toBe(true);
  await page.getByRole("link", { name: "Audit log" }).click();
  await said(page, "Only owners read the audit log.");
  expect(errors).toEqual([]);
});

test("the only owner keeps the role, stays, and keeps the account, and is told why", async () => {
  const { page } = await open("members");
  expect(await page.getByRole("combobox", { name: "Role of Mara Keller" }).isDisabled()).toBe(true);
  await said(page, /^You are the only owner\. Make somebody else owner first/);
  await page.getByRole("link", { name: "Leave …" }).click();
  await said(page, "You are its only owner. Make somebody else owner first.");
  expect(await page.getByRole("button", { name: "Leave Test" }).isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Delete my account" }).isDisabled()).toBe(true);
});

test("an owner who gives up being one is asked first, and has an editor's page afterwards", async () => {
  await signIn(server, "owner", "Jonas Adler");
  const { page } = await open("members");
  const own = page.getByRole("combobox", { name: "Role of Mara Keller" });
  await own.selectOption("editor");
  const dialog = page.getByRole("dialog", { name: "Give up being an owner?" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  expect(await own.inputValue()).toBe("owner");
  await own.selectOption("editor");
  await dialog.getByRole("button", { name: "Give it up" }).click();
  await said(page, "Only owners invite, give roles and remove. Owners here: Jonas Adler.");
  expect(await roles()).toContain("Mara Keller: editor");
});
