import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";
import { answer, openDialog, rating, send, survey, thanks } from "./widget-guest-fixture.ts";

setUpStage();
beforeEach(() => stage.clear());

const asks = () => stage.requests.filter((line) => line.includes("/v1/ask"));

/** How libraries change the page without leaving it. */
const swaps: Record<string, () => void> = {
  "another body, as Turbo puts it": () => {
    const body = document.createElement("body");
    body.innerHTML = "<main>The next page</main>";
    document.body.replaceWith(body);
  },
  "other content of the body, as htmx does": () => {
    document.body.innerHTML = "<main>The next page</main>";
  },
  "a view transition to it": () => {
    document.startViewTransition(() => {
      document.body.innerHTML = "<main>The next page</main>";
    });
  },
};

test.each(Object.entries(swaps))(
  "a survey that is being answered survives %s, with what was written",
  async (_name, swap) => {
    const page = await stage.visit("popover");
    await rating(page, 3).click();
    await page.locator("textarea").click();
    await page.keyboard.type("Here");
    await page.evaluate(swap);
    await page.getByText("The next page").waitFor();
    await page.waitForFunction(
      () => document.querySelector("body > candor-survey")?.shadowRoot?.activeElement,
    );
    await page.keyboard.press("End");
    await page.keyboard.type(" and there");
    await send(page).click();
    await thanks(page).waitFor();
    expect(await stage.responses()).toMatchObject([{ rating: 3, comment: "Here and there" }]);
  },
);

test("a copy of a page out of a cache has no survey that was open when it was copied", async () => {
  const page = await stage.visit("popover");
  await survey(page).waitFor();
  const before = asks().length;
  await page.evaluate(async () => {
    const copy = document.body.cloneNode(true) as HTMLElement;
    await Object(window).candor("hide");
    document.body.replaceWith(copy);
  });
  await page.evaluate("candor('track', 'a look at the page')");
  expect(asks()).toHaveLength(before);
  expect(await page.locator("candor-survey section").count()).toBe(0);
});

test("what was taken away while the code was fetched that keeps it in reach does not come back", async () => {
  const { promise: fetched, resolve: fetch } = Promise.withResolvers<void>();
  const page = await stage.visit("popover", {}, (page) =>
    page.route(/\/reach\.js$/, async (route) => {
      await fetched;
      await route.continue();
    }),
  );
  await survey(page).waitFor();
  const asked = page.waitForRequest(/\/reach\.js$/);
  await page.evaluate(() => {
    document.body.replaceWith(document.createElement("body"));
    new MutationObserver(() => {
      Object(window).changed = true;
    }).observe(document.body, { childList: true });
    Object(window).candor("track", "a look at the page");
  });
  const reach = (await asked).url();
  await page.evaluate("candor('hide')");
  fetch();
  // Code that waited for this module before has continued by then.
  await page.evaluate(`import("${reach}")`);
  expect(await page.evaluate("self.changed ?? false")).toBe(false);
});

test("what the page takes away before anybody has begun to answer does not come back", async () => {
  const page = await stage.visit("popover");
  await survey(page).waitFor();
  await page.evaluate(() => document.querySelector("candor-survey")?.remove());
  // Two checks of what floats.
  await page.evaluate("candor('track', 'one'), candor('track', 'two')");
  expect(await page.locator("candor-survey").count()).toBe(0);
});

test("in a tab that nobody sees nothing is asked, until it is looked at", async () => {
  const page = await stage.visit("no-such-page");
  await page.addInitScript(() => {
    Object.defineProperty(document, "hidden", { get: () => !Object(window).seen });
  });
  await page.goto(`${stage.site}/popover.html`);
  await page.waitForFunction("candor.q === 0");
  await page.evaluate("candor('track', 'a look at the page')");
  expect(asks()).toEqual([]);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await page.evaluate("seen = true");
  await survey(page).waitFor();
});

test("of three tabs that open at once one asks", async () => {
  const { context } = { context: (await stage.visit("no-such-page")).context() };
  const pages = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
  await Promise.all(pages.map((page) => page.goto(`${stage.site}/popover.html`)));
  const decided = (page: Page) =>
    page.waitForFunction(() =>
      Object(window)
        .candor("why")
        .then(([reason]: { explanation: string }[]) =>
          /asked it in the last/.test(reason?.explanation ?? ""),
        ),
    );
  await Promise.all(pages.map(decided));
  const open = await Promise.all(pages.map((page) => survey(page).count()));
  expect(open.sort()).toEqual([0, 0, 1]);
});

test("a button in a web component opens a survey, and an element in one is given one", async () => {
  const page = await stage.visit("inline");
  await page.waitForFunction("candor.q === 0");
  await page.evaluate(() => {
    const root = document.body.appendChild(document.createElement("x-shop")).attachShadow({ mode: "open" });
    root.innerHTML =
      '<button data-candor-open="relationship"><b>Feedback</b></button><div id="place" data-locale="de"></div>';
    void Object(window).candor("show", "ticket-closed", root.querySelector("#place"));
  });
  await page.getByRole("radio", { name: /^7 von/ }).click();
  await expect
    .poll(stage.responses)
    .toMatchObject([{ rating: 7, touchpoint: "ticket-closed", locale: "de" }]);
  await page.getByText("Feedback").click();
  await rating(page, 10).click();
  await expect.poll(stage.responses).toHaveLength(2);
});

test("after shutdown nothing listens and nothing is timed", async () => {
  const page = await stage.visit("no-such-page");
  await page.addInitScript(() => {
    const timers = new Set<unknown>();
    const { setInterval: set, clearInterval: clear } = window;
    Object.assign(window, {
      timers,
      setInterval: (...given: Parameters<typeof set>) => {
        const timer = set(...given);
        timers.add(timer);
        return timer;
      },
      clearInterval: (timer: number) => {
        timers.delete(timer);
        clear(timer);
      },
    });
  });
  const client = await page.context().newCDPSession(page);
  const listeners = async () => {
    const counts = [];
    for (const expression of ["window", "document"]) {
      const { result } = await client.send("Runtime.evaluate", { expression });
      const { listeners } = await client.send("DOMDebugger.getEventListeners", {
        objectId: result.objectId ?? "",
      });
      counts.push(...listeners.map(({ type }) => `${expression} ${type}`));
    }
    return counts.sort();
  };
  await page.goto(`${stage.site}/no-such-page.html`);
  const before = await listeners();
  await page.goto(`${stage.site}/popover.html`);
  await rating(page, 3).click();
  await openDialog(page, "<p>A dialog</p>");
  await page.locator("dialog candor-survey section").waitFor();
  expect((await listeners()).length).toBeGreaterThan(before.length + 5);
  await page.evaluate("candor('shutdown')");
  await expect.poll(listeners).toEqual(before);
  expect(await page.evaluate("timers.size")).toBe(0);
  expect(await page.locator("candor-survey").count()).toBe(0);
});

test("the script works as a module too", async () => {
  const page = await stage.visit("no-such-page");
  const { origin, candor } = stage;
  await page.evaluate(
    ([src, key]) => {
      const script = Object.assign(document.createElement("script"), { type: "module", src });
      Object.assign(script.dataset, { key, touchpoint: "relationship" });
      document.body.appendChild(script);
    },
    [`${origin}/v1/widget.js`, candor.publishableKey],
  );
  await answer(page, "From a module");
});
