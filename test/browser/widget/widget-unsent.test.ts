import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";

setUpStage();
beforeEach(() => stage.clear());

const rating = (page: Page, text: number) => page.getByRole("radio", { name: new RegExp(`^${text} of`) });
const unsent = (page: Page) => page.getByText("Your answer is kept and will be sent later.");
/** Answers for the server, with a problem, until the route is given back. */
const refuse = (page: Page, status: number, problem: object) =>
  page.route("**/v1/responses*", (route) =>
    route.fulfill({
      status,
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
      headers: { "access-control-allow-origin": "*" },
    }),
  );
const kept = (page: Page) => page.evaluate(() => JSON.parse(localStorage.candor).unsent.length);

test("20 of 20 answers arrive when the page is closed while they are being sent over a slow network", async () => {
  stage.road = "slow";
  const visit = async () => {
    const page = await stage.visit("popover");
    await rating(page, 9).click();
    await page.close();
  };
  for (let visits = 0; visits < 20; visits += 4) await Promise.all([visit(), visit(), visit(), visit()]);
  await expect.poll(stage.responses, { timeout: 10_000 }).toHaveLength(20);
});

test("an answer arrives when the page is left before the browser has painted what the click changed", async () => {
  const page = await stage.visit("popover");
  await rating(page, 9).waitFor();
  await page.evaluate(() => {
    window.requestAnimationFrame = () => 0;
    const ratings = document.querySelector("candor-survey")?.shadowRoot?.querySelectorAll("button");
    ratings?.[6]?.click();
    location.href = "about:blank";
  });
  await page.waitForURL("about:blank");
  await expect.poll(stage.responses).toMatchObject([{ rating: 6 }]);
});

test("an answer given offline is called unsent, and is one response once the network is back", async () => {
  const page = await stage.visit("popover");
  await rating(page, 0).waitFor();
  await page.context().setOffline(true);
  await rating(page, 3).click();
  await unsent(page).waitFor();
  await page.getByRole("textbox").fill("Written in a tunnel");
  await page.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => page.getByRole("radio").count()).toBe(0);
  expect(await page.getByRole("status").innerText()).toMatch(/kept and will be sent later/);
  await page.context().setOffline(false);
  await expect.poll(stage.responses).toMatchObject([{ rating: 3, comment: "Written in a tunnel" }]);
  await expect.poll(() => kept(page)).toBe(0);
});

for (const road of ["down", "failing", "answering HTML"] as const) {
  test(`a server that is ${road} does not harm the page, and gets the answer once, at the next visit`, async () => {
    stage.road = road;
    const page = await stage.visit("popover");
    await rating(page, 7).click();
    await unsent(page).waitFor();
    expect(await kept(page)).toBe(1);

    stage.road = "open";
    await page.reload();
    await expect.poll(stage.responses).toMatchObject([{ rating: 7 }]);
    await expect.poll(() => kept(page)).toBe(0);
    await page.reload({ waitUntil: "networkidle" });
    expect(await stage.responses()).toHaveLength(1);
  });
}

test("a server that takes eleven seconds holds the page up for none: the answer is kept, and saved once when it comes", async () => {
  stage.road = "crawling";
  const page = await stage.visit("popover");
  await rating(page, 8).click();
  await page.getByRole("textbox").fill("Slow as a snail");
  // The page itself keeps running.
  const turns = await page.evaluate(async () => {
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < 1000) {
      await new Promise(requestAnimationFrame);
      frames += 1;
    }
    return frames;
  });
  expect(turns).toBeGreaterThan(10);
  await unsent(page).waitFor({ timeout: 15_000 });
  expect(await kept(page)).toBe(1);
  await expect.poll(stage.responses, { timeout: 10_000 }).toMatchObject([{ rating: 8 }]);
  await expect.poll(() => kept(page)).toBe(0);
});

test("an unsent answer outlives the page: it is sent when the visitor comes back", async () => {
  stage.road = "down";
  const page = await stage.visit("popover");
  await rating(page, 8).click();
  await unsent(page).waitFor();
  const storageState = await page.context().storageState();
  await page.context().close();
  stage.road = "open";
  await stage.visit("popover", { storageState });
  await expect.poll(stage.responses).toMatchObject([{ rating: 8 }]);
});

test("an answer that the server refuses is not tried again, and nobody is thanked for it", async () => {
  const page = await stage.visit("popover");
  await refuse(page, 422, { type: "/docs#invalid-input", title: "Some of the input is not valid" });
  await rating(page, 8).click();
  await expect.poll(() => page.locator("candor-survey").count()).toBe(0);
  expect(await kept(page)).toBe(0);
});

/** An answer that is refused so is kept, and saved at the next visit once that is over. */
async function keepsAndSends(status: number, problem: object): Promise<void> {
  const page = await stage.visit("popover");
  await refuse(page, status, problem);
  await rating(page, 8).click();
  await unsent(page).waitFor();
  expect(await kept(page)).toBe(1);
  await page.unroute("**/v1/responses*");
  await page.reload();
  await expect.poll(stage.responses).toMatchObject([{ rating: 8 }]);
  await expect.poll(() => kept(page)).toBe(0);
}

test.each([401, 403, 404, 408, 413, 451])(
  "what a gateway answers with %i, in JSON of its own, refuses nothing: the answer is kept and sent later",
  (status) => keepsAndSends(status, { type: "about:blank", title: "Blocked by the gateway" }),
);

test("an answer that is larger than what browsers let outlive a page arrives, and is kept while it cannot", async () => {
  const page = await stage.visit("popover");
  await page.evaluate(() => {
    const properties = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`p${n}`, '"'.repeat(500)]));
    Object(window).candor("init", { properties });
  });
  const written = '"'.repeat(4000);
  await rating(page, 3).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 3 }]);
  stage.road = "down";
  await page.getByRole("textbox").fill(written);
  await page.getByRole("button", { name: "Send" }).click();
  await unsent(page).waitFor();
  expect(await kept(page)).toBe(1);
  stage.road = "open";
  await page.reload();
  await expect.poll(stage.responses).toMatchObject([{ rating: 3, comment: written }]);
  await expect.poll(() => kept(page)).toBe(0);
});

test.each([
  ["unauthorized", 401],
  ["forbidden", 403],
  ["body-too-large", 413],
] as const)("what Candor itself refuses as %s is kept, and saved once that is over", (type, status) =>
  keepsAndSends(status, { type: `/docs#${type}` }),
);

const oldKey = "pk_of_another_year";
/** A page that keeps two answers under that key, of which the first is another workspace's. */
async function keepUnderOldKey(): Promise<Page> {
  stage.road = "down";
  const page = await stage.visit("popover");
  await rating(page, 8).click();
  await unsent(page).waitFor();
  await page.evaluate((key) => {
    const store = JSON.parse(localStorage.candor);
    const [{ url, message }] = store.unsent;
    const old = url.replace(/key=.*/, `key=${key}`);
    const foreign = { ...message, id: crypto.randomUUID(), survey: "srv_of_another_workspace" };
    store.unsent = [foreign, message].map((one) => ({ url: old, message: one }));
    localStorage.candor = JSON.stringify(store);
  }, oldKey);
  return page;
}

test("an answer that was kept under a key that is no more goes with the page's own, which drops none of another workspace", async () => {
  const page = await keepUnderOldKey();
  stage.road = "open";
  await page.reload();
  await expect.poll(stage.responses).toMatchObject([{ rating: 8 }]);
  await expect.poll(() => kept(page)).toBe(1);
});

test.each(["down", "failing"] as const)(
  "where a server that is %s refuses no key, what was kept under another key than the page's is tried with its own alone",
  async (road) => {
    const page = await keepUnderOldKey();
    stage.road = road;
    stage.requests.length = 0;
    await page.reload();
    const tried = () =>
      stage.requests.flatMap((sent) => /\/v1\/responses\?key=(.*)/.exec(sent)?.slice(1) ?? []);
    await expect.poll(tried).toEqual([oldKey, oldKey]);
    expect(await kept(page)).toBe(2);
  },
);

test("of many unsent answers the last twenty are kept, and none older than two weeks", async () => {
  stage.road = "down";
  const page = await stage.visit("popover");
  await page.evaluate(() => {
    const url = "http://localhost:9/v1/responses";
    const unsent = Array.from({ length: 30 }, (_, index) => {
      const answered_at = new Date(Date.now() - (index < 5 ? 15 : 13) * 864e5).toISOString();
      return { url, message: { id: `old ${index}`, revision: 1, answered_at } };
    });
    localStorage.candor = JSON.stringify({ unsent });
  });
  await rating(page, 8).click();
  await unsent(page).waitFor();
  const ids = await page.evaluate(() =>
    JSON.parse(localStorage.candor).unsent.map(({ message }: { message: { id: string } }) => message.id),
  );
  expect(ids).toHaveLength(20);
  expect(ids.at(-2)).toBe("old 29");
});

test.each([
  [13, 1],
  [15, 0],
])(
  "an answer of %i days ago whose page could tell no time goes as any other of that age",
  async (days, arrive) => {
    stage.road = "down";
    const page = await stage.visit("popover", {}, (opened) =>
      opened.addInitScript((ms) => {
        const { now } = Date;
        Date.now = () => now() - ms;
        Date.prototype.toISOString = () => "some time";
      }, days * 864e5),
    );
    await rating(page, 8).click();
    await unsent(page).waitFor();
    const storageState = await page.context().storageState();
    expect(JSON.stringify(storageState)).not.toContain("answered_at");
    await page.context().close();
    stage.road = "open";
    const later = await stage.visit("popover", { storageState });
    await expect.poll(() => kept(later)).toBe(0);
    expect(await stage.responses()).toHaveLength(arrive);
  },
);
