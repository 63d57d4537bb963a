import type { BrowserContextOptions } from "playwright-core";
import { expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";
import { violationsOf } from "../page-faults.ts";

setUpStage();

const ways: [name: string, example: string, options?: BrowserContextOptions][] = [
  ["the popover", "popover"],
  ["the popover in the dark", "popover", { colorScheme: "dark" }],
  ["the popover on a phone", "popover", { viewport: { width: 375, height: 667 } }],
  ["the popover in forced colours", "popover", { forcedColors: "active" }],
  ["the inline survey", "inline"],
  ["the inline survey in the dark", "inline", { colorScheme: "dark" }],
  ["the survey from right to left", "rtl"],
];

for (const [name, example, options] of ways) {
  test(`axe finds nothing in ${name}, at the rating, the comment and the thanks`, async () => {
    const page = await stage.visit(example, { reducedMotion: "reduce", ...options });
    await page.getByRole("radio").first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole("radio").nth(3).click();
    await page.getByRole("textbox").waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.locator(".send").click();
    await page.locator(".done").waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
}

test("the question names the group, each rating says where it stands, and what happened is announced", async () => {
  const page = await stage.visit("popover");
  const group = page.getByRole("radiogroup", { name: /^How likely are you/ });
  await group.waitFor();
  expect(await group.getByRole("radio").count()).toBe(11);
  await group.getByRole("radio", { name: "10 of 10, Extremely likely" }).click();
  expect(await group.getByRole("radio", { checked: true }).count()).toBe(1);
  expect(
    await page.evaluate(() => document.querySelector("candor-survey")?.shadowRoot?.activeElement?.tagName),
  ).toBe("TEXTAREA");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("status").getByText("Thank you for your feedback").waitFor();
});
