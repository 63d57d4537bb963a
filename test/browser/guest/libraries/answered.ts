import type { Locator } from "playwright-core";
import { type Answered, commentOf, properties, type Shop } from "./shop.ts";
import { type Library, pageWith } from "./table.ts";

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Answers a whole survey by mouse and keyboard. */
export async function answer(asked: Locator, touchpoint: string): Promise<void> {
  await asked.getByRole("radio", { name: "3 of 10" }).click();
  await asked.getByRole("checkbox", { name: "Prices" }).click();
  await asked.getByRole("checkbox", { name: "Support" }).click();
  await asked.getByRole("button", { name: "Next" }).click();
  await asked.getByRole("radio", { name: "2 of 5" }).click();
  await asked.getByRole("button", { name: "Next" }).click();
  await asked.getByRole("textbox").click();
  // Typed into whatever has the focus, since the test must not focus the text field itself.
  await asked.page().keyboard.insertText(commentOf(touchpoint));
  await asked.getByRole("button", { name: "Send" }).click();
}

/** The differences between the stored responses and the given answers, word for word, per touchpoint. */
export function differences(found: readonly Answered[], touchpoints: readonly string[]): string[] {
  const right = (touchpoint: string) => ({
    touchpoint,
    rating: 3,
    comment: commentOf(touchpoint),
    answers: { reason: ["prices", "support"], support: 2 },
    properties,
  });
  const told = ({ touchpoint, rating, comment, answers, properties }: Answered) =>
    JSON.stringify({ touchpoint, rating, comment, answers, properties });
  const wanted = touchpoints.map((touchpoint) => JSON.stringify(right(touchpoint))).sort();
  const texts = found.map(told).sort();
  return [
    ...found.filter(({ id }) => !uuid7.test(id)).map(({ id }) => `no UUID of version 7: ${id}`),
    ...wanted.filter((text) => !texts.includes(text)).map((text) => `missing: ${text}`),
    ...texts.filter((text) => !wanted.includes(text)).map((text) => `instead: ${text}`),
  ];
}

/** Answers a survey in each way on a page with these libraries. Returns what went wrong. */
export async function faultsWith(shop: Shop, libraries: readonly Library[]): Promise<string[]> {
  await shop.clear();
  const { head, body } = pageWith(libraries);
  const inline = '<candor-survey touchpoint="inline"></candor-survey>';
  const { page, errors } = await shop.visit({ head, body: body + inline });
  const answered = async (asked: Locator, touchpoint: string) => {
    await answer(asked, touchpoint);
    await asked.locator(".done").waitFor();
  };
  await answered(page.locator("candor-survey[touchpoint]"), "inline");
  for (const { use } of libraries) await use?.(page);
  const floating = page.locator("candor-survey[popover] .floating");
  await answered(floating, "popover");
  await floating.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Feedback" }).click();
  await answered(floating, "tab");
  return [...differences(await shop.responses(), ["inline", "popover", "tab"]), ...errors];
}
