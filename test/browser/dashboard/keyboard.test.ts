import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { api } from "../../server/mail/mailing.ts";
import { visit } from "../fixture.ts";
import { linkAt, scoresShown, signIn, viewAt } from "./served.ts";
import { mailedLink, said, server, setUpSettings } from "./settings/settings.ts";

setUpSettings();

type Role = Parameters<Page["getByRole"]>[0];

const named = (page: Page, role: Role, name: string | RegExp) =>
  page.getByRole(role, { name, exact: true }).and(page.locator(":focus"));

/** Until it has the focus. */
const focused = (page: Page, role: Role, name: string) => named(page, role, name).waitFor();

/** Why one does not see where the focus is; null: one does. An outline may be drawn around what holds the control. */
const unseen = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return "nothing has the focus";
    const isOutlined = (element: Element | null): boolean => {
      if (!element) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return (
        (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || isOutlined(element.parentElement)
      );
    };
    const what = at.outerHTML.slice(0, 160);
    if (!at.matches(":focus-visible")) return `not :focus-visible: ${what}`;
    if (!isOutlined(at)) return `no outline: ${what}`;
    const { left, right, top, bottom } = at.getBoundingClientRect();
    const middle = (from: number, to: number, size: number) => (Math.max(0, from) + Math.min(size, to)) / 2;
    const over = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
    if (!over || !(at.contains(over) || over === at.parentElement))
      return `outside of the window, or below ${over?.outerHTML.slice(0, 160)}: ${what}`;
    return null;
  });

/** Walks by tab alone to a control, and sees at each stop where it is. */
async function tabTo(page: Page, role: Role, name: string | RegExp, key = "Tab"): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press(key);
    expect(await unseen(page)).toBe(null);
    if ((await named(page, role, name).count()) > 0) return;
  }
  throw new Error(`no way by ${key} to ${name}`);
}

/** Opens the palette and takes what is found first. */
async function find(page: Page, letters: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await focused(page, "combobox", "Find or do");
  await page.keyboard.type(letters);
  await page.keyboard.press("Enter");
}

test("by keyboard alone one comes from the link in over a survey, its snippet and its score to an invitation and out again, and always sees where one is", async () => {
  await signIn(server);
  const member = await server.d1.prepare("SELECT ref FROM members").first<{ ref: number }>();
  const link = await linkAt(server, "login", { memberRef: member?.ref ?? 0 });
  const { page, errors } = await visit(link, {
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const { keyboard } = page;
  await focused(page, "heading", "Is it you?");
  await tabTo(page, "button", "Yes, sign me in");
  await keyboard.press("Enter");
  await page.waitForURL(viewAt(server));
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await tabTo(page, "link", "Skip to the content");
  await keyboard.press("Enter");
  await focused(page, "main", "Home");

  await find(page, "new surv");
  await focused(page, "main", "New survey");
  await tabTo(page, "button", "After delivery");
  await keyboard.press("Enter");
  await focused(page, "combobox", "Goes live at the touchpoint");
  expect(await unseen(page)).toBe(null);
  await keyboard.press("Escape");
  await focused(page, "button", "After delivery");
  await keyboard.press("Enter");
  await tabTo(page, "button", "Make it, go live");
  await keyboard.press("Enter");
  await page.waitForURL(viewAt(server, "/touchpoints/delivered/install"));
  await focused(page, "main", "delivered");

  await tabTo(page, "button", "React");
  await keyboard.press("Space");
  expect(await page.locator(":focus").getAttribute("aria-pressed")).toBe("true");
  await tabTo(page, "button", "Make the key");
  await keyboard.press("Enter");
  await page.locator(".snippet pre:focus-visible").waitFor();
  await tabTo(page, "button", "Copy");
  await keyboard.press("Enter");
  await said(page, "Copied.");
  await focused(page, "button", "Copy");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('touchpoint: "delivered"');

  const responses = Array.from({ length: 30 }, (_, ago) => ({
    id: crypto.randomUUID(),
    touchpoint: "delivered",
    rating: 5 - (ago % 3),
    answered_at: new Date(Date.now() - ago * 86_400_000).toISOString(),
  }));
  await api(server, "POST", "/v1/responses/batch", { responses });
  await tabTo(page, "link", "Score", "Shift+Tab");
  await keyboard.press("Enter");
  await page.waitForURL(viewAt(server, "/touchpoints/delivered"));
  await focused(page, "main", "delivered");
  await scoresShown(page);
  await tabTo(page, "slider", "Step of the series");
  const step = () => page.locator(":focus").getAttribute("aria-valuetext");
  const last = await step();
  await keyboard.press("ArrowLeft");
  expect(await step()).not.toBe(last);
  await keyboard.press("ArrowRight");
  expect(await step()).toBe(last);
  await keyboard.press("t");
  await focused(page, "button", "Show as a table");
  expect(await unseen(page)).toBe(null);
  await tabTo(page, "region", "The series as a table");
  await keyboard.press("t");
  await focused(page, "button", "Show as a table");

  await keyboard.press("g");
  await keyboard.press(",");
  await focused(page, "main", "Settings");
  await tabTo(page, "link", /^Members/);
  await keyboard.press("Enter");
  await focused(page, "main", "Members");
  await tabTo(page, "textbox", "Mail address");
  await keyboard.type("tom@shop.example");
  await tabTo(page, "combobox", "Role");
  await keyboard.press("a");
  await tabTo(page, "button", "Send");
  await keyboard.press("Enter");
  await said(page, "A link is on its way to tom@shop.example.");
  await focused(page, "button", "Send");
  expect(await mailedLink()).toContain("/app/join#");

  await tabTo(page, "link", "Your account", "Shift+Tab");
  await keyboard.press("Enter");
  await focused(page, "main", "Your account");
  await page.getByLabel("Your name").waitFor();
  await tabTo(page, "textbox", "Your name");
  await keyboard.type("Mara K.");
  await keyboard.press("Enter");
  await said(page, "Saved.");
  await focused(page, "textbox", "Your name");
  await find(page, "sign out");
  await focused(page, "heading", "Sign in");
  expect(await page.context().cookies()).toEqual([]);
  expect(errors).toEqual([]);
});
