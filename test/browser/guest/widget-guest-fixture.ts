import type { Page } from "playwright-core";
import { expect } from "vitest";
import { stage } from "../fixture.ts";

/** Pages that take the focus, cover the window, replace their body, fill the storage or hide. */

export const rating = (page: Page, text: number) =>
  page.getByRole("radio", { name: new RegExp(`^${text} of`) });

export const send = (page: Page) => page.getByRole("button", { name: "Send" });

export const thanks = (page: Page) => page.getByText("Thank you for your feedback");

export const survey = (page: Page) => page.locator("candor-survey[popover] section");

/** Answers the floating survey like a person who does not check where the focus is. */
export async function answer(page: Page, comment: string) {
  const floating = page.locator("candor-survey[popover]");
  await floating.getByRole("radio", { name: /^3 of/ }).click();
  await floating.locator("textarea").click();
  await page.keyboard.type(comment);
  await floating.getByRole("button", { name: "Send" }).click();
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([{ rating: 3, comment }]);
}

export const openDialog = (page: Page, html: string) =>
  page.evaluate((inner) => {
    const dialog = document.createElement("dialog");
    dialog.innerHTML = inner;
    document.body.appendChild(dialog);
    dialog.showModal();
  }, html);
