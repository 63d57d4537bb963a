import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";

setUpStage();
beforeEach(() => stage.clear());

const rating = (page: Page, text: number) => page.getByRole("radio", { name: new RegExp(`^${text} of`) });
const comment = (page: Page) => page.getByRole("textbox");
const send = (page: Page) => page.getByRole("button", { name: "Send" });
const thanks = (page: Page) => page.getByText("Thank you for your feedback");

test("a rating and a comment in the popover are one response", async () => {
  const page = await stage.visit("popover");
  await rating(page, 9).click();
  await comment(page).fill("  Quick and friendly 🙂 ");
  await send(page).click();
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([
    {
      rating: 9,
      comment: "Quick and friendly 🙂",
      channel: "widget",
      touchpoint: "relationship",
      locale: "en",
    },
  ]);
});

test("an answer is to the version of the survey that the visitor saw, also where another is live by then", async () => {
  const { secretKey, candor } = stage;
  const authorization = `Bearer ${secretKey}`;
  const json = { authorization, "content-type": "application/json" };
  const place = await fetch(`${candor.url}/v1/touchpoints/relationship`, { headers: { authorization } });
  const path = `${candor.url}/v1/surveys/${(await place.json<{ survey: string }>()).survey}`;
  const { subject, version } = await (await fetch(path, { headers: { authorization } })).json<{
    subject: string;
    version: number;
  }>();
  const reword = (to: string) =>
    fetch(path, { method: "PATCH", headers: json, body: JSON.stringify({ subject: to }) });

  const page = await stage.visit("popover");
  await rating(page, 9).waitFor();
  await reword("something else");
  await rating(page, 9).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 9, survey_version: version }]);
  await reword(subject);
});

test("a rating alone is a response, before anything else is done", async () => {
  const page = await stage.visit("popover");
  await rating(page, 0).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 0, comment: null }]);
});

test("an inline survey takes an answer, also in an element that is added later or moved", async () => {
  const page = await stage.visit("inline");
  await rating(page, 4).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 4, touchpoint: "checkout" }]);

  await page.evaluate(() => {
    const later = document.createElement("candor-survey");
    later.setAttribute("touchpoint", "relationship");
    document.body.appendChild(later);
    document.body.insertBefore(later, document.body.firstChild);
  });
  await rating(page, 10).click();
  await expect.poll(stage.responses).toHaveLength(2);
});

test("the keyboard alone is enough: Tab, arrows, Enter, and Escape, which gives the focus back", async () => {
  const page = await stage.visit("popover");
  await rating(page, 0).waitFor();
  await page.evaluate(() => {
    const link = Object.assign(document.createElement("a"), { href: "#", id: "before" });
    document.querySelector("main")?.appendChild(link);
    link.focus();
  });
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  expect(await stage.responses()).toEqual([]);
  await page.keyboard.press("Enter");
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([{ rating: 9, comment: "By keyboard" }]);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("candor-survey").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("before");
});

test("digits choose a rating, and 1 waits for the 0 of a 10", async () => {
  const page = await stage.visit("popover");
  await rating(page, 0).focus();
  await page.keyboard.press("7");
  await expect.poll(stage.responses).toMatchObject([{ rating: 7 }]);
  await rating(page, 7).focus();
  await page.keyboard.press("1");
  await page.keyboard.press("0");
  await expect.poll(stage.responses).toMatchObject([{ rating: 10 }]);
});

test("the open survey leaves the focus where it is, and keeps the keys typed into it from the page", async () => {
  const page = await stage.visit("popover");
  await rating(page, 5).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
  await page.evaluate(() => {
    for (const type of ["keydown", "keypress", "keyup"])
      addEventListener(type, () => document.body.append(type));
  });
  await rating(page, 5).click();
  await comment(page).pressSequentially("s");
  expect(await page.locator("body").innerText()).not.toContain("key");
});

test("ten rapid clicks and a double click are one response with the last rating", async () => {
  const page = await stage.visit("popover");
  await rating(page, 5).waitFor();
  await page.evaluate(() => {
    const radios = document
      .querySelector("candor-survey")
      ?.shadowRoot?.querySelectorAll<HTMLElement>("[role=radio]");
    for (const radio of [...(radios ?? [])].slice(0, 10)) radio.click();
  });
  await rating(page, 8).dblclick();
  await send(page).waitFor();
  await send(page).click();
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([{ rating: 8 }]);
});

test("the second half of a double click does not press the button that has just appeared under it", async () => {
  const page = await stage.visit("popover");
  // Waits until the popover has come to its place: a box read on the way would be clicked beside.
  await rating(page, 9).hover();
  const { x, y, height } = (await rating(page, 9).boundingBox()) ?? { x: 0, y: 0, height: 0 };
  await page.mouse.dblclick(x + 5, y + height - 5);
  await comment(page).waitFor();
  const { y: top } = (await send(page).boundingBox()) ?? { y: 1e9 };
  expect(top).toBeLessThan(y + height - 5);
  expect(await thanks(page).count()).toBe(0);
});

test("the rating can be changed while a comment is asked for, and the comment goes with the last one", async () => {
  const page = await stage.visit("popover");
  await rating(page, 2).click();
  await comment(page).fill("Better than I first said");
  await rating(page, 6).click();
  await send(page).click();
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([{ rating: 6, comment: "Better than I first said" }]);
});

test("whoever closed or answered is not asked again on the next page", async () => {
  const page = await stage.visit("popover");
  await page.getByRole("button", { name: "Close" }).click();
  await page.reload({ waitUntil: "networkidle" });
  expect(stage.requests.filter((line) => line.endsWith("/survey.js"))).toHaveLength(1);
  expect(await page.locator("candor-survey").count()).toBe(0);
});

test("the page can open a survey, take it away, and hear what happens to it", async () => {
  // Heard from the page's first moment: the inline survey may be seen before anything else is done here.
  const listens = () => {
    const heard: string[] = [];
    for (const name of ["shown", "answered", "completed", "dismissed"]) {
      document.addEventListener(`candor:${name}`, (event) => {
        const { touchpoint, rating } = (event as CustomEvent).detail;
        heard.push([name, touchpoint, rating].join(" "));
      });
    }
    Object.assign(window, { heard });
  };
  const page = await stage.visit("inline", {}, (fresh) => fresh.addInitScript(listens));
  await page.evaluate("candor('show', 'relationship')");
  await page.getByRole("button", { name: "Close" }).waitFor();
  await page.evaluate("candor('hide')");
  expect(await page.locator("[popover]").count()).toBe(0);
  await rating(page, 3).click();
  await send(page).click();
  await thanks(page).waitFor();
  const heard = await page.evaluate<string[]>("heard");
  expect(heard).toEqual(
    expect.arrayContaining([
      "shown checkout ",
      "shown relationship ",
      "answered checkout 3",
      "completed checkout 3",
    ]),
  );
  expect(heard.join()).not.toContain("dismissed");
});

test("what the page says about the respondent and the situation comes with the answer", async () => {
  const page = await stage.visit("inline");
  await page.evaluate(() => {
    const element = document.createElement("candor-survey");
    element.setAttribute("touchpoint", "ticket-closed");
    Object.assign(element.dataset, { locale: "de-AT", properties: '{"plan":"pro","seats":3}' });
    document.querySelector("candor-survey")?.replaceWith(element);
  });
  await page.getByRole("radio", { name: /^7 von/ }).click();
  await expect
    .poll(stage.responses)
    .toMatchObject([{ rating: 7, locale: "de-AT", properties: { plan: "pro", seats: 3 } }]);
});

test("an answer is taken all the same where what the page says about the situation is no use", async () => {
  const page = await stage.visit("inline");
  await page.evaluate(() => {
    const element = document.createElement("candor-survey");
    element.setAttribute("touchpoint", "checkout");
    Object.assign(element.dataset, { respondent: "", properties: '{"plan":"pro","cart":{"items":3}}' });
    document.querySelector("candor-survey")?.replaceWith(element);
  });
  await rating(page, 4).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 4, properties: { plan: "pro" } }]);
  await send(page).click();
  await thanks(page).waitFor();
});

test("an answer is taken all the same where a property of the page is far too long, or no value that JSON has", async () => {
  const page = await stage.visit("inline");
  await rating(page, 4).waitFor();
  await page.evaluate(() => {
    const useless = { cart: "x".repeat(200_000), unit: Symbol("kg"), big: 1n, nothing: undefined };
    const properties = { ...useless, note: "y".repeat(500), plan: "pro" };
    void Object(window).candor("identify", { properties });
    const element = document.createElement("candor-survey");
    element.setAttribute("touchpoint", "checkout");
    document.querySelector("candor-survey")?.replaceWith(element);
  });
  await rating(page, 4).click();
  await expect
    .poll(stage.responses)
    .toMatchObject([{ rating: 4, properties: { note: "y".repeat(500), plan: "pro" } }]);
});

test("seeing a survey takes three requests to one origin, no cookie and nothing stored that is not called candor", async () => {
  const page = await stage.visit("popover");
  await rating(page, 9).click();
  await send(page).click();
  await thanks(page).waitFor();
  const ours = stage.requests.filter((line) => !line.includes(stage.site));
  expect(ours.filter((line) => !line.includes(` ${stage.origin}/v1/`))).toEqual([]);
  expect(ours.filter((line) => line.startsWith("GET"))).toHaveLength(3);
  expect(ours.filter((line) => line.includes("/v1/impressions"))).toHaveLength(1);
  expect(ours.filter((line) => line.startsWith("OPTIONS"))).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  expect(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)])).toEqual([
    ["candorViews", "candor"],
    [],
  ]);
});
