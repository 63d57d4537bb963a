import { deviceProperty, meets, type Properties, type Refusal, refusal } from "../shared/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import type { CompiledTrigger } from "../shared/rules.ts";
import type * as Commands from "./commands.ts";
import { quietly } from "./quietly.ts";
import type { Store } from "./store.ts";
import type * as Survey from "./survey.tsx";
import type * as Tab from "./tab.tsx";

/** What a page says: as `data-…` of the script or of an element, or to `candor("init", …)`. */
export interface Settings {
  /** A publishable key. */
  key?: string;
  /** Asked by itself; default: all automatic touchpoints. */
  touchpoint?: string | null;
  /** BCP 47; default: the page's, else the browser's. */
  locale?: string;
  respondent?: string;
  /** HMAC of the respondent, made by the page's server. */
  respondentHash?: string;
  properties?: Properties;
  /** Not empty: keep nothing and open nothing by itself before `candor("consent", true)`. */
  consent?: string;
  /** "true": ask also who was asked before, and record nothing. */
  test?: string;
  /** The dated behaviour that the page was written for (YYYY-MM-DD); default: the widget's own. */
  version?: string;
}

/** What is fetched only when it is needed. */
export interface Modules {
  survey: typeof Survey;
  tab: typeof Tab;
  commands: typeof Commands;
}

/** A survey that may open by itself, and when (unix milliseconds) what it waits for has happened and its delay is over. */
export type Waiting = Ask & { due?: number };

/** What the modules need of the page, and what the page may call. */
export interface Page {
  settings: Settings;
  /** Local storage; where there is none, a record that lives as long as the page. */
  local: Storage;
  waiting: Waiting[];
  /** What the page reported since the last navigation. */
  events: [name: string, properties: Properties][];
  /** The address of Candor, up to `v1/`. */
  base: string;
  /** Opens a survey: by itself, since somebody asked for it, or in a host in the page. */
  open(ask: Ask, automatic?: unknown, host?: Host): Promise<unknown> | undefined;
  refused(ask: Ask): Refusal;
  tick(): void;
  identify(said?: Settings): unknown;
  show(touchpoint: string | null | undefined, host?: Host): unknown;
  track(name: string, properties: Properties): void;
}

/** What has a survey, or was found to have none. */
export type Host = HTMLElement & { candor?: unknown };

const tickMs = 500;
/** When what was opened on this page, or is refused on it, is due. */
export const never = 9e15;

/** undefined: no JSON. */
export const parse = quietly((text: string = "{}") => JSON.parse(text));

/** Starts Candor in a page; answers what the page calls. `base` ends with `v1/`. */
export const start = (
  base: string,
  load: <Name extends keyof Modules>(module: Name) => Promise<Modules[Name]>,
  settings: Settings,
) => {
  // Without storage it lives as long as the page.
  const local = quietly(() => localStorage)() ?? ({} as Storage);
  // Of the page as it is since the last navigation:
  let address: string;
  let since: number;
  let left: boolean;
  /** At most one survey opens by itself on each page. */
  let opened: boolean;

  const read = (): Partial<Store> | undefined => parse(local.candor);

  const refused = ({ survey, rules }: Ask): Refusal =>
    refusal(
      rules,
      ` ${location.origin} ${location.pathname} ${location.search} `,
      {
        ...settings.properties,
        [deviceProperty]: +(innerWidth > 599) + +(innerWidth > 999),
      },
      // Kept where only a share of the visitors is asked.
      // biome-ignore lint/suspicious/noAssignInExpressions: spares bytes.
      rules.sample && (local[`candor${survey}`] ||= Math.random()),
      read()?.askings ?? [],
      Date.now(),
    );

  /** What is asked at a touchpoint, or at all automatic ones. */
  const fetchAsks = async ({ locale, respondentHash, touchpoint, version }: Settings): Promise<Ask[]> => {
    const answer = await fetch(
      `${base}ask?key=${settings.key}&touchpoint=${touchpoint ?? ""}&locale=${locale || document.documentElement.lang || navigator.language}&respondent_hash=${respondentHash ?? ""}&version=${version}`,
    );
    // 204: nothing; above it, trouble.
    if (answer.status > 200) return [];
    const asked: Ask & { asks?: Ask[] } = await answer.json();
    return asked.asks ?? [asked];
  };

  const open = quietly(async (ask: Ask, automatic?: unknown, host?: HTMLElement) =>
    (await load(automatic && ask.texts.tab ? "tab" : "survey")).show(page, ask, automatic, host),
  );

  const show = quietly(async (touchpoint: string | null | undefined, host?: HTMLElement) => {
    // In the page its own clock alone counts, which comes first.
    for (const ask of await fetchAsks({ ...settings, ...host?.dataset, touchpoint }))
      if (!host || refused(ask) !== 1) void open(ask, 0, host);
  });

  const has = quietly(({ event, visible, when }: CompiledTrigger) => {
    if (event) return page.events.some(([name, given]) => name === event && meets(when, given));
    if (visible) {
      // Where there is none this throws, and it is not seen.
      const { top, bottom } = (document.querySelector(visible) as Element).getBoundingClientRect();
      return top < innerHeight && bottom > 0;
    }
    return meets(when, {
      scroll: (scrollY + innerHeight) / document.documentElement.scrollHeight,
      ms: Date.now() - since,
      views: local.candorViews,
      exit: left,
    });
  });

  /** Looks whose time has come; again and again, since nothing tells of most that surveys wait for. */
  const tick = quietly(() => {
    // The page comes first: "interactive" and "loading" are behind "complete" in the alphabet.
    if (document.readyState > "d") return;
    for (const host of document.querySelectorAll<Host>("candor-survey"))
      host.candor ??= show(host.getAttribute("touchpoint"), host);
    if (settings.consent) return;
    if (address !== location.href) {
      // What was reported before anybody knew what is asked belongs to the first address.
      if (address) page.events = [];
      address = location.href;
      since = Date.now();
      opened = left = false;
      local.candorViews = -~local.candorViews;
      page.identify();
    }
    for (const ask of page.waiting) {
      const { rules, texts, delay_seconds } = ask;
      if (ask.due === never || page.events.some(([name]) => rules.cancel?.includes(name))) continue;
      if (refused(ask)) ask.due = never;
      else if (!rules.trigger || rules.trigger.some(has)) ask.due ??= Date.now() + delay_seconds * 1e3;
      if ((opened && !texts.tab) || !((ask.due as number) <= Date.now())) continue;
      ask.due = never;
      opened ||= !texts.tab;
      void open(ask, 1);
    }
  });

  /** What a page may call, and what the other modules need. */
  const page: Page = {
    local,
    events: [],
    /** Asks anew, since the page has said more. */
    identify: quietly(async (said?: Settings) => {
      Object.assign(settings, said);
      page.waiting = await fetchAsks(settings);
      tick();
      if (read()?.unsent?.[0]) (await load("survey")).sendKept(page);
    }),
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
  };

  addEventListener("load", tick);
  // Safari calls nobody idle; and where nothing moves Chromium may not either: hence a second at most.
  setInterval(
    quietly(() => (window.requestIdleCallback ?? setTimeout)(tick, { timeout: 1e3 })),
    tickMs,
  );
  document.addEventListener(
    "mouseleave",
    quietly(({ clientY }) => {
      left = clientY < 1;
    }),
  );
  // Also where the page stops its clicks.
  addEventListener(
    "click",
    quietly(({ target }) => {
      const opener = (target as Element).closest<HTMLElement>("[data-candor-open]");
      if (opener) void show(opener.dataset.candorOpen);
    }),
    true,
  );
  return quietly(async (name: string, ...given: unknown[]) => {
    const command = name as "track";
    return (page[command] ?? (await load("commands")).added(page)[command])(
      ...(given as Parameters<Page["track"]>),
    );
  });
};
