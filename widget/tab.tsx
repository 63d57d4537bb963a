import type { Ask } from "../shared/contract/ask.ts";
import type { Host, Page } from "./candor.ts";
import { isOffPage, noteAsking, quietly, render, styled } from "./survey.tsx";
import css from "./tab.css";

const watchMs = 500;
const tabs = new Map<string, HTMLElement>();

/** Shows a button at the edge of the window, which opens the survey and comes back unless it was answered. */
export const show = quietly((page: Page, ask: Ask) => {
  const { survey, texts } = ask;
  if (tabs.get(survey)?.isConnected) return;
  const host = document.createElement("candor-survey") as Host;
  tabs.set(survey, host);
  host.candor = true;
  const root = styled(host, ask, css);

  const open = quietly(async () => {
    host.hidden = true;
    const opened = (await page.open(ask)) as HTMLElement | undefined;
    opened?.addEventListener("candor:answered", remove);
    opened?.addEventListener("candor:dismissed", () => {
      host.hidden = false;
      root.querySelector("button")?.focus();
    });
  });
  const remove = quietly(() => {
    clearInterval(watch);
    host.remove();
  });
  const dismiss = quietly(() => {
    if (!page.settings.test) noteAsking(survey);
    host.dispatchEvent(
      new CustomEvent("candor:dismissed", { bubbles: true, detail: { touchpoint: ask.touchpoint } }),
    );
    remove();
  });

  host.setAttribute("popover", "manual");
  document.body.append(host);
  host.showPopover?.();
  render(
    <section class="tab" aria-label={texts.tab}>
      <button type="button" class="open" onClick={open}>
        {texts.tab}
      </button>
      <button type="button" class="dismiss" aria-label={texts.close} onClick={dismiss}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M7 7l10 10M17 7L7 17" />
        </svg>
      </button>
    </section>,
    root,
  );
  // It goes with the pages that it was meant for.
  const watch = setInterval(
    quietly(() => isOffPage(page, ask) && remove()),
    watchMs,
  );
});
