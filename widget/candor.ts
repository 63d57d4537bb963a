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

/** What is fetched only when it is needed. */
export interface Modules {
  survey: typeof Survey;
  tab: typeof Tab;
  commands: typeof Commands;
  triggers: typeof Triggers;
  kept: typeof Kept;
}

const tickMs = 500;
/** undefined: no JSON. */
export const parse = swallowErrors((text: string = "{}") => JSON.parse(text));

/** Starts Candor in a page; answers what the page calls. `base` ends with `v1/`. */
export const start = (
  base: string,
  load: <Name extends keyof Modules>(module: Name) => Promise<Modules[Name]>,
  settings: Settings,
) => {
  const ending = new AbortController();
  let address: string;
  /** At most one survey opens by itself on each page. */
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
      // Kept where only a share of the visitors is asked.
      rules.sample == null
        ? 0
        : page.keep(`candor${survey}`, (page.local[`candor${survey}`] as number) || Math.random()),
      read()?.askings ?? [],
      Date.now(),
    );

  /** What is asked at a touchpoint, or at all automatic ones. */
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
    // 204: nothing; above it, trouble.
    if (page.answer.status > 200) return [];
    const asked: Ask & { asks?: Ask[] } = await page.answer.json();
    return asked.asks ?? [asked];
  };

  const open = swallowErrors(async (ask: Ask, automatic?: unknown, host?: HTMLElement) =>
    (await load(automatic && ask.texts.tab ? "tab" : "survey")).show(page, ask, automatic, host),
  );

  const show = swallowErrors(async (touchpoint: string | null | undefined, host?: HTMLElement) => {
    // In the page its own clock alone counts, which comes first.
    for (const ask of await fetchAsks({ ...page.settings, ...host?.dataset, touchpoint }))
      if (!host || refused(ask) !== 1) void open(ask, 0, host);
  });

  /** Looks whose time has come; again and again, since nothing tells of most that surveys wait for. */
  const tick = swallowErrors(() => {
    // The page comes first: "interactive" and "loading" are behind "complete" in the alphabet.
    if (document.readyState > "d") return;
    for (const look of page.looks) look();
    document.querySelectorAll<Host>("candor-survey:not([popover])").forEach((host) => {
      host.candor ??= show(host.getAttribute("touchpoint"), host);
    });
    // Nobody sees what opens in a hidden tab.
    if (page.settings.consent || document.hidden) return;
    if (address !== location.href) {
      // What was reported before anybody knew what is asked belongs to the first address.
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

  /** What a page may call, and what the other modules need. */
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
    /** Asks anew, since the page has said more. */
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
    // Safari calls nobody idle; and where nothing moves Chromium may not either: hence a second at most.
    timer: setInterval(
      swallowErrors(() => (window.requestIdleCallback ?? setTimeout)(tick, { timeout: 1e3 })),
      tickMs,
    ),
  };

  addEventListener("load", tick, ending);
  // Also where the page stops its clicks, and in its open shadow roots.
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
