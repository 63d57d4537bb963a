import { deviceProperty, type Refusal, refusal } from "../shared/asking/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import type * as Commands from "./commands.ts";
import type * as Kept from "./kept.ts";
import { type Host, never, type Page, type Settings } from "./page.ts";
import type { Store } from "./store.ts";
import type * as Survey from "./survey/survey.tsx";
import type * as Tab from "./survey/tab.tsx";
import { swallowErrors } from "./swallow-errors.ts";
import type * as Triggers from "./triggers.ts";

/** Modules that are fetched only when they are needed. */
export interface Modules {
  survey: typeof Survey;
  tab: typeof Tab;
  commands: typeof Commands;
  triggers: typeof Triggers;
  kept: typeof Kept;
}

const tickMs = 500;
/** undefined when the text is not JSON. */
export const parse = swallowErrors((text: string = "{}") => JSON.parse(text));

/** Starts Candor in a page and returns the function that takes the page's commands. `base` ends with `v1/`. */
export const start = (
  base: string,
  load: <Name extends keyof Modules>(module: Name) => Promise<Modules[Name]>,
  settings: Settings,
) => {
  const ending = new AbortController();
  let address: string;
  /** At most one survey opens by itself at each address. */
  let opened: boolean;

  const read = (): Partial<Store> | undefined => parse(page.local.candor as string);

  const refused = ({ survey, rules }: Ask): Refusal =>
    refusal(
      rules,
      ` ${location.origin} ${location.pathname} ${location.search} `,
      {
        ...page.settings.properties,
        [deviceProperty]: +(innerWidth > 599) + +(innerWidth > 999),
      },
      // The draw is kept only where a survey asks a share of the visitors.
      rules.sample == null
        ? 0
        : page.keep(`candor${survey}`, (page.local[`candor${survey}`] as number) || Math.random()),
      read()?.askings ?? [],
      Date.now(),
    );

  /** The surveys asked at a touchpoint; without one, at all automatic touchpoints. */
  const fetchAsks = async ({
    key,
    locale,
    respondentHash,
    touchpoint,
    version,
  }: Settings): Promise<Ask[]> => {
    page.answer = await fetch(
      `${base}ask?key=${key}&touchpoint=${touchpoint ?? ""}&locale=${locale || document.documentElement.lang || navigator.language}&respondent_hash=${respondentHash ?? ""}&version=${version}`,
    );
    // 204 means that nothing is asked; a higher status is an error.
    if (page.answer.status > 200) return [];
    const asked: Ask & { asks?: Ask[] } = await page.answer.json();
    return asked.asks ?? [asked];
  };

  const open = swallowErrors(async (ask: Ask, automatic?: unknown, host?: HTMLElement) =>
    (await load(automatic && ask.texts.tab ? "tab" : "survey")).show(page, ask, automatic, host),
  );

  const show = swallowErrors(async (touchpoint: string | null | undefined, host?: HTMLElement) => {
    // A survey in the page obeys only its own clock. Refusal 1 is that clock, since it comes first.
    for (const ask of await fetchAsks({ ...page.settings, ...host?.dataset, touchpoint }))
      if (!host || refused(ask) !== 1) void open(ask, 0, host);
  });

  /** Opens the surveys that are due. It polls, since no event tells of most things that surveys wait for. */
  const tick = swallowErrors(() => {
    // The page loads first. "interactive" and "loading" sort after "complete".
    if (document.readyState > "d") return;
    for (const look of page.looks) look();
    document.querySelectorAll<Host>("candor-survey:not([popover])").forEach((host) => {
      host.candor ??= show(host.getAttribute("touchpoint"), host);
    });
    // A survey that opens in a hidden tab is not seen.
    if (page.settings.consent || document.hidden) return;
    if (address !== location.href) {
      // Events reported before the first fetch belong to the first address, so they are kept.
      if (address) page.events = [];
      address = location.href;
      page.since = Date.now();
      opened = false;
      page.keep("candorViews", -~(page.local.candorViews as number));
      page.identify();
    }
    for (const ask of page.waiting) {
      const { rules, texts, delay_seconds } = ask;
      if (ask.due === never || page.events.some(([name]) => rules.cancel?.includes(name))) continue;
      if (refused(ask)) ask.due = never;
      else if (!rules.trigger || (page.has && rules.trigger.some(page.has)))
        ask.due ??= +Date.now() + delay_seconds * 1e3;
      if ((opened && !texts.tab) || !((ask.due as number) <= Date.now())) continue;
      ask.due = never;
      opened ||= !texts.tab;
      void open(ask, 1);
    }
  });

  /** The state and commands of the page, which the other modules use too. */
  const page: Page = {
    // The getter throws where storage is forbidden.
    local: swallowErrors(() => localStorage)() ?? {},
    keep: (name, value) => {
      try {
        page.local[name] = value;
      } catch {
        page.local = { ...page.local, [name]: value };
      }
      return value;
    },
    looks: [],
    ending,
    events: [],
    /** Asks the server again, since the page has said more. */
    identify: swallowErrors(async (said?: Settings) => {
      page.settings = { ...page.settings, ...said };
      page.waiting = await fetchAsks(page.settings);
      tick();
      if (read()?.unsent?.[0]) page.resend();
      if (page.waiting.some(({ rules }) => rules.trigger)) page.has ??= (await load("triggers")).watch(page);
    }),
    resend: swallowErrors(async () => (await load("kept")).sendKept(page)),
    track: (...event) => {
      page.events.push(event);
      tick();
    },
    open,
    tick,
    show,
    refused,
    settings,
    waiting: [],
    base,
    since: 0,
    // Safari lacks requestIdleCallback, and Chromium may never be idle on a still page: so it waits at most a second.
    timer: setInterval(
      swallowErrors(() => (window.requestIdleCallback ?? setTimeout)(tick, { timeout: 1e3 })),
      tickMs,
    ),
  };

  addEventListener("load", tick, ending);
  // Capturing also hears clicks whose propagation the page stops; the composed path includes open shadow roots.
  addEventListener(
    "click",
    swallowErrors((event) => {
      for (const { dataset } of event.composedPath() as HTMLElement[])
        if (dataset?.candorOpen) void show(dataset.candorOpen);
    }),
    { capture: true, signal: ending.signal },
  );
  return swallowErrors(async (name: string, ...given: unknown[]) => {
    const command = name as "track";
    return (page[command] ?? (await load("commands")).added(page)[command])(
      ...(given as Parameters<Page["track"]>),
    );
  });
};
