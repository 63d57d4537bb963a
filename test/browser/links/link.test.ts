import type { BrowserContextOptions } from "playwright-core";
import { expect, test } from "vitest";
import { server, setUpServer, visit } from "../fixture.ts";
import { pageFaults } from "../page-faults.ts";

setUpServer();

interface Link {
  url: string;
  response: string;
}

const headers = () => ({ authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" });

async function newLink(touchpoint: string, locale?: string, changeable?: boolean): Promise<Link> {
  const body = JSON.stringify({ touchpoint, locale, changeable });
  const answer = await fetch(`${server.url}/v1/links`, { method: "POST", headers: headers(), body });
  return answer.json();
}

async function responseOf({ response }: Link): Promise<{ rating: number; comment: string | null } | null> {
  const answer = await fetch(`${server.url}/v1/responses/${response}`, { headers: headers() });
  return answer.ok ? answer.json() : null;
}

const thanks = "Thank you for your feedback.";

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "with" : "without";
  test(`a link is answered and the answer changed ${how} JavaScript`, async () => {
    const link = await newLink("relationship");
    const { page, errors } = await visit(`${link.url}?rating=9&utm_source=mail`, { javaScriptEnabled });
    expect(await page.getByRole("radio", { name: "9 of 10" }).isChecked()).toBe(true);
    await page.getByRole("textbox", { name: "What is the main reason" }).fill('Fast\n"and" <kind>');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: thanks }).waitFor();
    expect(await responseOf(link)).toMatchObject({ rating: 9, comment: 'Fast\n"and" <kind>' });

    await page.reload();
    await page.getByRole("link", { name: "Change my answer" }).click();
    expect(await page.getByRole("radio", { name: "9 of 10" }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: "9 of 10" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: thanks }).waitFor();
    expect(await responseOf(link)).toMatchObject({ rating: 8, comment: 'Fast\n"and" <kind>' });
    expect(errors).toEqual([]);
  });
}

test("where one answer is taken, the page whose gesture counted the rating corrects it", async () => {
  const link = await newLink("relationship", undefined, false);
  const { page, errors } = await visit(`${link.url}?rating=9`);
  await page.mouse.move(200, 200);
  await page.mouse.move(220, 200);
  await page.getByRole("status").getByText(thanks).waitFor();
  expect(await responseOf(link)).toMatchObject({ rating: 9, comment: null });
  await page.getByRole("radio", { name: "2 of 10" }).check();
  await page.getByRole("textbox", { name: "What is the main reason" }).fill("It broke");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("heading", { name: thanks }).waitFor();
  expect(await responseOf(link)).toMatchObject({ rating: 2, comment: "It broke" });
  expect(errors).toEqual([]);
});

test("a browser asks for the missing rating itself, and sends nothing", async () => {
  const link = await newLink("checkout");
  const { page } = await visit(link.url);
  await page.getByRole("button", { name: "Send" }).click();
  expect(await page.locator("input:invalid").count()).toBe(5);
  expect(page.url()).toBe(link.url);
  await page.getByRole("radio", { name: "5 of 5, Very satisfied" }).check();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(thanks).waitFor();
  expect(await responseOf(link)).toMatchObject({ rating: 5, comment: null });
});

const phone = { viewport: { width: 375, height: 667 } };
const looks: [name: string, touchpoint: string, locale: string, options: BrowserContextOptions][] = [
  ["light", "relationship", "en", {}],
  ["dark", "relationship", "de", { colorScheme: "dark" }],
  ["right to left on a phone", "relationship", "ar", phone],
  ["right to left in Persian digits", "relationship", "fa", {}],
  ["with faces on a phone in the dark", "checkout", "fr", { ...phone, colorScheme: "dark" }],
  ["in forced colours", "ticket-closed", "es", { forcedColors: "active" }],
];

for (const [name, touchpoint, locale, options] of looks) {
  test(`axe finds nothing in the survey page, its errors and its thanks, ${name}`, async () => {
    const link = await newLink(touchpoint, locale);
    const { page, errors } = await visit(link.url, options);
    expect(await pageFaults(page)).toEqual([]);
    // Skips the browser's validation to reach the server's.
    await page.evaluate(() => document.querySelector("form")?.setAttribute("novalidate", ""));
    await page.locator("button").click();
    await page.locator("#error").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await page.getByRole("radio").nth(3).check();
    expect(await pageFaults(page)).toEqual([]);
    await page.locator("button").click();
    await page.locator(".thanks").waitFor();
    expect(await pageFaults(page)).toEqual([]);
    await page.goto(`${server.url}/s/unknown`);
    expect(await pageFaults(page)).toEqual([]);
    expect(errors.filter((error) => !/status of (404|422)/.test(error))).toEqual([]);
  });
}
