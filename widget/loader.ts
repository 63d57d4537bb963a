import type { Ask } from "../shared/contract/ask.ts";
import type { Store } from "./store.ts";
import type * as Survey from "./survey.tsx";

/** File name of the survey module; the build puts it in. */
declare const SURVEY_FILE: string;

declare global {
  interface Window {
    /** `show` opens the survey of a touchpoint as a popover, `hide` takes it away. */
    candor: { show(touchpoint: string): void; hide(): void };
  }
}

const tag = "candor-survey";
const { dataset, src } = document.currentScript as HTMLScriptElement;

// The tag, not `window.candor`, tells whether the script already ran: any element with that id would be found there.
if (!customElements.get(tag)) {
  const base = new URL(".", src);
  const url = (path: string) => `${base}${path}?key=${dataset.key}`;
  // import() and not a script element: Trusted Types forbid setting `src`.
  const loadSurvey = (): Promise<typeof Survey> => import(base + SURVEY_FILE);

  const read = (): Partial<Store> => {
    try {
      return JSON.parse(localStorage.candor);
    } catch {
      return {};
    }
  };

  /**
   * The page comes first: nothing happens before it has loaded and has a quiet moment. On a page on which nothing moves
   * Chromium may call nobody idle, ever: hence a second at most.
   */
  const quiet = new Promise((done) => {
    const whenIdle = () =>
      "requestIdleCallback" in window ? requestIdleCallback(done, { timeout: 1e3 }) : setTimeout(done);
    document.readyState === "complete" ? whenIdle() : addEventListener("load", whenIdle);
  });

  const pause = (ms?: number) => new Promise((done) => setTimeout(done, ms));

  let popover: HTMLElement | undefined;

  const open = async (host: HTMLElement, touchpoint: string) => {
    const floating = host === popover;
    const root = host.attachShadow({ mode: "open" });
    try {
      await quiet;
      const settings = { ...dataset, ...host.dataset };
      const locale = settings.locale || document.documentElement.lang || navigator.language;
      if ((read().waits?.[touchpoint] ?? 0) > Date.now()) return;
      const answer = await fetch(`${url("ask")}&touchpoint=${touchpoint}&locale=${locale}`, {
        credentials: "omit",
      });
      if (answer.status !== 200) return;
      const ask: Ask = await answer.json();
      if (floating) await pause(ask.delay_seconds * 1e3);
      const survey = await loadSurvey();
      // Running the module and drawing the survey are two tasks, so that neither is a long one.
      await pause();
      if (!floating || host === popover) survey.show({ host, root, floating, ask, settings, url });
    } catch {}
  };

  customElements.define(
    tag,
    class extends HTMLElement {
      connectedCallback() {
        // Called again when the page moves the element.
        if (!this.shadowRoot) void open(this, this.getAttribute("touchpoint") ?? "");
      }
    },
  );

  const hide = () => {
    popover?.remove();
    popover = undefined;
  };
  const show = (touchpoint: string) => {
    hide();
    popover = document.createElement(tag);
    void open(popover, touchpoint);
  };
  window.candor = { show, hide };

  if (dataset.touchpoint) show(dataset.touchpoint);
  const sendKept = async () => {
    try {
      if (read().unsent?.length) (await loadSurvey()).sendKept();
    } catch {}
  };
  void quiet.then(sendKept);
  addEventListener("online", sendKept);
}
