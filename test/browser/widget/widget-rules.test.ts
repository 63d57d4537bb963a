import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";
import { decided } from "../looks.ts";

setUpStage();
beforeEach(() => stage.clear());
afterEach(async () => {
  await set("relationship", { rules: {}, show: null, delay_seconds: 0, automatic: false });
  await set("checkout", { rules: {}, automatic: false });
  await api("/v1/workspace", { asking: {} });
});

async function api(path: string, json: object): Promise<void> {
  const headers = { authorization: `Bearer ${stage.secretKey}`, "content-type": "application/json" };
  const answer = await fetch(stage.candor.url + path, {
    method: "PATCH",
    headers,
    body: JSON.stringify(json),
  });
  expect(answer.status, await answer.text()).toBe(200);
}
const set = (touchpoint: string, json: object) => api(`/v1/touchpoints/${touchpoint}`, json);
const only = (rules: object) => set("relationship", { rules });

const survey = (page: Page) => page.locator("candor-survey[popover] section");
const isOpen = (page: Page) => survey(page).isVisible();
async function expectClosed(page: Page) {
  await decided(page);
  expect(await isOpen(page)).toBe(false);
}

/** Opens an example with a clock that the test moves. */
const visit = (example: string) => stage.visit(example, {}, (page) => page.clock.install());

/** Makes the page long, with an element to find at its end. */
const lengthen = (page: Page) =>
  page.evaluate(() => {
    const end = Object.assign(document.createElement("p"), { id: "end", textContent: "The end" });
    const filler = document.createElement("div");
    filler.style.height = "3000px";
    document.body.appendChild(filler);
    document.body.appendChild(end);
  });

const triggers: [what: string, trigger: object, happen: (page: Page) => Promise<unknown>][] = [
  ["an element comes into view", { visible: "#end" }, (page) => page.evaluate("scrollTo(0, 1e6)")],
  ["so much of the page was seen", { scroll: 80 }, (page) => page.evaluate("scrollTo(0, 1e6)")],
  [
    "the pointer leaves at the top",
    { exit: true },
    (page) => page.evaluate("document.dispatchEvent(new MouseEvent('mouseleave', { clientY: -3 }))"),
  ],
  ["it was open for so long", { seconds: 60 }, (page) => page.clock.runFor(60_000)],
  [
    "an event with such properties happens",
    { event: "paid", properties: [{ property: "plan", is: ["pro"] }] },
    (page) =>
      page.evaluate("candor('track', 'paid', { plan: 'free' }), candor('track', 'paid', { plan: 'pro' })"),
  ],
];
test.each(triggers)("a survey waits until %s", async (_what, trigger, happen) => {
  await only({ trigger: [trigger] });
  // The whole of a short page is visible at once, so it is lengthened before anything is asked.
  const page = await visit("inline");
  await lengthen(page);
  await page.evaluate("candor('init', { touchpoint: 'relationship' })");
  await expectClosed(page);
  await expect.poll(() => stage.requests.some((line) => line.endsWith("/triggers.js"))).toBe(true);
  await happen(page);
  await survey(page).waitFor();
});

test("a survey waits for so many pages", async () => {
  await only({ trigger: [{ views: 3 }] });
  const page = await visit("popover");
  await expectClosed(page);
  await page.reload();
  await expectClosed(page);
  await page.reload();
  await survey(page).waitFor();
});

test("after an event that cancels it is not asked, nor after its delay", async () => {
  await set("relationship", { rules: { cancel_on: ["bought"] }, delay_seconds: 1 });
  const page = await visit("popover");
  await page.waitForFunction("candor.q === 0");
  await page.evaluate("candor('track', 'bought')");
  await expectClosed(page);
});

test("in a page that changes its address by script it comes with the right one and goes with the wrong one", async () => {
  await set("relationship", { rules: { pages: [{ starts_with: "/shop" }] } });
  const page = await visit("popover");
  await expectClosed(page);
  await page.evaluate("history.pushState({}, '', '/shop/cart')");
  await survey(page).waitFor();
  await page.evaluate("history.pushState({}, '', '/about')");
  await survey(page).waitFor({ state: "detached" });
  // The survey was seen, so its clock runs.
  await page.evaluate("history.pushState({}, '', '/shop')");
  await expectClosed(page);
});

test("what is being answered stays, wherever the page goes", async () => {
  await set("relationship", { rules: { pages: [{ is: "/popover.html" }] } });
  const page = await visit("popover");
  await page.getByRole("radio", { name: /^7 of/ }).click();
  await page.evaluate("history.pushState({}, '', '/about')");
  await decided(page);
  await page.getByRole("textbox").fill("On my way");
  await page.getByRole("button", { name: "Send" }).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 7, comment: "On my way" }]);
});

test("whom it is for is decided by what the page says, also later", async () => {
  await only({
    audience: [
      { property: "plan", is: ["pro"] },
      { property: "seats", at_least: 5 },
    ],
  });
  const page = await visit("popover");
  await expectClosed(page);
  await page.evaluate("candor('identify', { properties: { plan: 'pro', seats: 9 } })");
  await survey(page).waitFor();
});

test("nobody is in a sample of none, and somebody in one of a half again on the next page", async () => {
  await only({ sample: 0 });
  const nobody = await visit("popover");
  await expectClosed(nobody);
  await only({ sample: 0.5 });
  const page = await visit("popover");
  await decided(page);
  const first = await isOpen(page);
  const luck = () =>
    page.evaluate(() => Object.entries(localStorage).find(([name]) => name.startsWith("candorsrv_"))?.[1]);
  const kept = await luck();
  expect(Number(kept) < 0.5).toBe(first);
  await page.reload();
  await decided(page);
  expect(await luck()).toBe(kept);
});

test("one page asks all automatic touchpoints, one at a time, and the workspace's clock holds over both", async () => {
  await set("relationship", { automatic: true });
  await set("checkout", { automatic: true });
  const page = await visit("inline");
  await survey(page).waitFor();
  await decided(page);
  expect(await page.locator("candor-survey[popover]").count()).toBe(1);
  const asked = () => page.evaluate(() => JSON.parse(localStorage.candor).askings.length);
  expect(await asked()).toBe(1);
  // The next page asks the other survey, unless the workspace's clock forbids it.
  await page.reload();
  await survey(page).waitFor();
  await expect.poll(asked).toBe(2);
  await api("/v1/workspace", { asking: { wait_days: 7 } });
  const rested = await visit("inline");
  await survey(rested).waitFor();
  await rested.reload();
  await expectClosed(rested);
});

test("the page is told in words why a survey is not shown", async () => {
  await only({ pages: [{ is: "/shop" }] });
  const why = async () => {
    const page = await visit("popover");
    await decided(page);
    return page.evaluate<{ asked: boolean; explanation: string }[]>("candor('why')");
  };
  const [wrongPage] = await why();
  expect(wrongPage).toMatchObject({ touchpoint: "relationship", asked: false });
  expect(wrongPage?.explanation).toMatch(/popover\.html is not one of its pages\.$/);
  await only({ languages: ["de"] });
  expect((await why())[0]?.explanation).toBe("Nothing is asked: language.");
});

test("in test mode whoever was asked is asked, and nothing is recorded", async () => {
  const page = await visit("popover");
  await survey(page).waitFor();
  await page.evaluate(
    "candor('init', { test: 'true' }), candor('reset'), history.pushState({}, '', '/next')",
  );
  await decided(page);
  await survey(page).waitFor();
  const before = stage.requests.length;
  await page.getByRole("radio", { name: /^3 of/ }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you for your feedback").waitFor();
  expect(stage.requests.slice(before).filter((line) => line.startsWith("POST"))).toEqual([]);
  expect(await stage.responses()).toEqual([]);
  expect(await page.evaluate(() => JSON.parse(localStorage.candor).askings)).toEqual([]);
});

test("a page's own variables win over all else", async () => {
  const page = await visit("inline");
  await page.addStyleTag({
    content:
      "candor-survey { --candor-background: rgb(1, 2, 3); --candor-text: rgb(250, 251, 252); --candor-radius: 3px }",
  });
  const section = page.locator("candor-survey section").first();
  await section.waitFor();
  const style = await section.evaluate((element) => {
    const { backgroundColor, color, borderRadius } = getComputedStyle(element);
    return [backgroundColor, color, borderRadius];
  });
  expect(style).toEqual(["rgb(1, 2, 3)", "rgb(250, 251, 252)", "3px"]);
});
