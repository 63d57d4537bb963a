import type { Ask } from "../../shared/contract/ask.ts";
import type { Host, Page } from "../page.ts";
import { float, isOffPage, leave, noteAsking, render, styled, swallowErrors } from "./survey.tsx";
import css from "./tab.css";

const tabs = new Map<string, Host>();

/** Shows a button at the window's edge that opens the survey. It comes back unless the survey is answered. */
export const show = swallowErrors((page: Page, ask: Ask) => {
  const { survey, texts } = ask;
  if (tabs.get(survey)?.candor) return;
  const host = document.createElement("candor-survey") as Host;
  tabs.set(survey, host);
  const root = styled(host, ask, css);

  const open = swallowErrors(async () => {
    host.hidden = true;
    const opened = (await page.open(ask)) as HTMLElement | undefined;
    opened?.addEventListener("candor:answered", remove);
    opened?.addEventListener("candor:dismissed", () => {
      host.hidden = false;
      root.querySelector("button")?.focus();
    });
  });
  const remove = () => leave(host);
  const dismiss = swallowErrors(() => {
    if (!page.settings.test) noteAsking(survey);
    host.dispatchEvent(
      new CustomEvent("candor:dismissed", { bubbles: true, detail: { touchpoint: ask.touchpoint } }),
    );
    remove();
  });

  // The tab closes on pages that it is not meant for.
  void float(page, host, () => isOffPage(page, ask));
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
});
