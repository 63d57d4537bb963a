import { beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";
import { decided } from "../looks.ts";
import { answer, openDialog, rating, send, survey, thanks } from "./widget-guest-fixture.ts";

setUpStage();
beforeEach(() => stage.clear());

/** How libraries trap the focus in a dialog. Each runs in the page with the dialog and its field. */
const traps: Record<string, (dialog: HTMLElement, field: HTMLElement) => void> = {
  "Bootstrap's modal": (dialog, field) => {
    document.addEventListener("focusin", ({ target }) => {
      if (!dialog.contains(target as Node)) field.focus();
    });
  },
  "focus-trap": (dialog, field) => {
    const stop = (event: Event) => {
      if (dialog.contains(event.target as Node)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.type === "focusin") field.focus();
    };
    for (const type of ["focusin", "mousedown", "touchstart", "click"])
      document.addEventListener(type, stop, { capture: true, passive: false });
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Tab") return;
        event.preventDefault();
        field.focus();
      },
      true,
    );
  },
  "Radix's dialog": (dialog, field) => {
    const back = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget && !dialog.contains(relatedTarget as Node)) field.focus();
    };
    dialog.addEventListener("focusout", back);
    document.addEventListener("focusin", ({ target }) => {
      if (!dialog.contains(target as Node)) field.focus();
    });
  },
};

test.each(Object.entries(traps))(
  "beside a dialog that keeps the focus as %s does, what is written to the survey stands in the survey",
  async (_name, trap) => {
    const page = await stage.visit("popover");
    await survey(page).waitFor();
    await page.evaluate((source) => {
      const dialog = Object.assign(document.createElement("div"), { role: "dialog", tabIndex: -1 });
      const field = document.createElement("input");
      dialog.appendChild(field);
      document.body.insertBefore(dialog, document.body.firstChild);
      // biome-ignore lint/security/noGlobalEval: the trap's source cannot enter the page otherwise.
      eval(source)(dialog, field);
      field.focus();
    }, `(${trap})`);
    await page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/reach.js")),
    );
    await answer(page, "Beside a dialog");
    expect(await page.locator("input").inputValue()).toBe("");
  },
);

test("what a button in a modal dialog opens stands in the dialog, and can be answered there", async () => {
  const page = await stage.visit("inline");
  await page.waitForFunction("candor.q === 0");
  await openDialog(page, '<button data-candor-open="relationship">Feedback</button>');
  await page.getByRole("button", { name: "Feedback" }).click();
  await page.locator("dialog candor-survey section").waitFor();
  await answer(page, "In a dialog");
});

test("an open survey goes into a dialog that opens over it, and out of it again, with what was written", async () => {
  const page = await stage.visit("popover");
  await rating(page, 3).click();
  const comment = page.locator("candor-survey textarea");
  await comment.fill("Before");
  await openDialog(page, "<p>A dialog</p>");
  await page.locator("dialog candor-survey section").waitFor();
  await comment.click();
  await page.keyboard.press("End");
  await page.keyboard.type(", during");
  await page.evaluate(() => document.querySelector("dialog")?.close());
  await page.locator("body > candor-survey section").waitFor();
  await comment.click();
  await page.keyboard.press("End");
  await page.keyboard.type(" and after");
  await send(page).click();
  await thanks(page).waitFor();
  expect(await stage.responses()).toMatchObject([{ rating: 3, comment: "Before, during and after" }]);
});

test("while a video fills the screen nothing opens, no clock is written, and it opens afterwards", async () => {
  const page = await stage.visit("no-such-page", {}, (opened) => opened.clock.install());
  // The survey comes late enough that the video has started.
  let begin = () => {};
  const begun = new Promise<void>((done) => {
    begin = done;
  });
  await page.route("**/v1/ask?*", async (route) => {
    await begun;
    await route.continue();
  });
  await page.goto(`${stage.site}/popover.html`);
  await page.evaluate(() => {
    const video = document.body.appendChild(document.createElement("video"));
    const watch = document.body.appendChild(document.createElement("button"));
    watch.textContent = "Watch";
    watch.onclick = () => video.requestFullscreen();
  });
  await page.getByRole("button", { name: "Watch" }).click();
  await page.waitForFunction(() => document.fullscreenElement !== null);
  begin();
  await expect.poll(() => stage.requests.some((line) => line.endsWith("/survey.js"))).toBe(true);
  await decided(page);
  expect(await page.locator("candor-survey").count()).toBe(0);
  expect(await page.evaluate(() => localStorage.candor)).toBe(undefined);
  await page.evaluate(() => document.exitFullscreen());
  await survey(page).waitFor();
});

test("where local storage is full a survey is asked and answered, nothing is kept, and the page is told so", async () => {
  const page = await stage.visit("no-such-page");
  await page.evaluate(() => {
    for (let size = 1 << 22; size >= 1; size = Math.floor(size / 2))
      for (let n = 0; n < 3; n++)
        try {
          localStorage[`filler${size}.${n}`] = "x".repeat(size);
        } catch {}
  });
  await page.goto(`${stage.site}/popover.html`);
  await survey(page).waitFor();
  const [reason] = await page.evaluate<{ explanation: string }[]>("candor('why')");
  expect(reason?.explanation).toMatch(/^This visitor was asked it in the last \d+ days\.$/);
  await answer(page, "No room");
  expect(
    await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("candor"))),
  ).toEqual([]);
});
