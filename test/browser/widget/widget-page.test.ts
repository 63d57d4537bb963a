import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";
import { pageFaults } from "../page-faults.ts";

setUpStage();
beforeEach(() => stage.clear());

const rating = (page: Page, text: number) => page.getByRole("radio", { name: new RegExp(`^${text} of`) });
const thanks = (page: Page) => page.getByText("Thank you for your feedback");

test("under a strict content security policy with Trusted Types everything works and nothing is violated", async () => {
  const page = await stage.visit("strict-csp");
  const popover = page.locator("candor-survey[popover]");
  const inline = page.locator("candor-survey:not([popover])");
  await popover.getByRole("radio").nth(4).click();
  await popover.getByRole("button", { name: "Send" }).click();
  await inline.getByRole("radio").nth(6).click();
  await inline.getByRole("textbox").fill("No nonce needed");
  await inline.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => thanks(page).count()).toBe(2);
  expect(await popover.locator("section").evaluate((section) => getComputedStyle(section).position)).toBe(
    "fixed",
  );
  expect((await stage.responses()).map((row) => row.rating).sort()).toEqual([5, 7]);
});

test("on a page whose styles reset everything, with the script twice, two surveys look and work as anywhere", async () => {
  const page = await stage.visit("hostile-css");
  const popover = page.locator("candor-survey[popover]");
  await popover.getByRole("radio").nth(2).click();
  await expect.poll(stage.responses).toMatchObject([{ rating: 3, touchpoint: "checkout" }]);
  const { width, height } = (await popover.locator("section").boundingBox()) ?? { width: 0, height: 0 };
  expect(width).toBe(420);
  expect(height).toBeGreaterThan(250);
  expect(await popover.locator("textarea").evaluate((area) => getComputedStyle(area).fontSize)).toBe("16px");
  // The page's overlay covers the inline survey, so the keyboard is used.
  const inline = page.locator("candor-survey:not([popover])");
  expect((await inline.locator("section").boundingBox())?.height).toBeGreaterThan(75);
  await inline.getByRole("radio").nth(5).press("Enter");
  await expect.poll(stage.responses).toHaveLength(2);
  expect(await page.locator("candor-survey").count()).toBe(2);
});

test("right to left, the survey stands on the left, runs to the left and the left arrow goes on", async () => {
  const page = await stage.visit("rtl");
  const first = page.getByRole("radio").first();
  const { x: firstX } = (await first.boundingBox()) ?? { x: 0 };
  const { x: lastX } = (await page.getByRole("radio").last().boundingBox()) ?? { x: 0 };
  expect(lastX).toBeLessThan(firstX);
  expect(firstX).toBeLessThan(640);
  await first.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect.poll(stage.responses).toMatchObject([{ rating: 1, locale: "ar" }]);
});

test("in Persian the buttons show Persian digits, and a Persian or a Latin keyboard chooses them", async () => {
  const page = await stage.visit("rtl", { reducedMotion: "reduce" });
  await page.getByRole("radio").first().waitFor();
  await page.evaluate(() => {
    document.documentElement.lang = "fa";
    Object(window).candor("show", "ticket-closed");
  });
  const third = page.getByRole("radio", { name: "۳ از ۷" });
  await third.waitFor();
  expect(await third.textContent()).toBe("۳");
  await third.dispatchEvent("keydown", { key: "۳" });
  await expect.poll(stage.responses).toMatchObject([{ rating: 3, locale: "fa" }]);
  expect(await pageFaults(page)).toEqual([]);
  await third.press("5");
  await expect.poll(stage.responses).toMatchObject([{ rating: 5, locale: "fa" }]);
});

test("the popover shifts nothing on the page", async () => {
  const page = await stage.visit("popover");
  await rating(page, 9).click();
  await page.getByRole("button", { name: "Send" }).click();
  await thanks(page).waitFor();
  const shift = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        // Buffered entries arrive in one call, which does not come if there are none. The paint entry always exists.
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            if (entry.entryType === "layout-shift") sum += Number(Object(entry).value);
            else done(sum);
          }
        });
        observer.observe({ type: "layout-shift", buffered: true });
        observer.observe({ type: "paint", buffered: true });
      }),
  );
  expect(shift).toBe(0);
});

test("on a phone of 320 pixels every rating is at least 44 by 44 pixels and nothing sticks out", async () => {
  const page = await stage.visit("popover", {
    viewport: { width: 320, height: 568 },
    isMobile: true,
    hasTouch: true,
  });
  await rating(page, 10).waitFor();
  for (const option of await page.getByRole("radio").all()) {
    const box = (await option.boundingBox()) ?? { x: -1, width: 0, height: 0 };
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(320);
    // Chromium lays out in 64ths of a pixel and reports them as floats: 43.99997 is 44.
    expect(Math.round(Math.min(box.width, box.height) * 64) / 64).toBeGreaterThanOrEqual(44);
  }
});

/** Each runs in the page first and removes something that the widget relies on. */
const damages: Record<string, () => void> = {
  "local storage": () => {
    const get = () => {
      throw new DOMException("denied", "SecurityError");
    };
    Object.defineProperty(window, "localStorage", { get });
  },
  fetch: () => {
    window.fetch = () => {
      throw new Error("no fetch");
    };
  },
  crypto: () => {
    crypto.getRandomValues = () => {
      throw new Error("no crypto");
    };
  },
  "constructable style sheets": () => {
    CSSStyleSheet.prototype.replaceSync = () => {
      throw new Error("no style sheets");
    };
  },
  IntersectionObserver: () => {
    Object.assign(window, { IntersectionObserver: undefined });
  },
  CustomEvent: () => {
    Object.assign(window, { CustomEvent: undefined });
  },
  showPopover: () => {
    HTMLElement.prototype.showPopover = () => {
      throw new Error("no popover");
    };
  },
  JSON: () => {
    JSON.stringify = () => {
      throw new Error("no JSON");
    };
  },
  ShadowRoot: () => {
    ShadowRoot.prototype.querySelector = () => {
      throw new Error("no selectors");
    };
  },
};

for (const [name, damage] of Object.entries(damages)) {
  test(`a page on which ${name} is broken sees no error of the widget`, async () => {
    const page = await stage.visit("inline");
    await page.context().addInitScript(damage);
    await page.reload({ waitUntil: "networkidle" });
    await page.evaluate(() => {
      const survey = document.querySelector("candor-survey")?.shadowRoot;
      const press = (selector: string) =>
        survey?.querySelectorAll<HTMLElement>(selector).forEach((element) => {
          element.click();
        });
      press("[role=radio]");
      press("button");
    });
    await page.evaluate("candor('show', 'relationship')");
    await page.waitForLoadState("networkidle");
  });
}

test("without local storage an answer is still taken", async () => {
  const page = await stage.visit("inline");
  await page.context().addInitScript(damages["local storage"] as () => void);
  await page.reload();
  await rating(page, 2).click();
  await page.getByRole("textbox").fill("Private window");
  await page.getByRole("button", { name: "Send" }).click();
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([{ rating: 2, comment: "Private window" }]);
});

test("a page of another origin that embeds the snippet is seen", async () => {
  await (await stage.visit("popover")).getByRole("radio").first().waitFor();
  const headers = { authorization: `Bearer ${stage.secretKey}` };
  const seen = async () => {
    const answer = await fetch(`${stage.candor.url}/v1/touchpoints/relationship/seen`, { headers });
    return answer.json();
  };
  await expect.poll(seen).toMatchObject({ data: [{ origin: stage.site, registered: false }] });
});
