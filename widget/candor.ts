import { deviceProperty, type Properties, type Refusal, refusal } from "../shared/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import type * as Commands from "./commands.ts";
import type * as Kept from "./kept.ts";
import { quietly } from "./quietly.ts";
import type { Store } from "./store.ts";
import type * as Survey from "./survey.tsx";
import type * as Tab from "./tab.tsx";
import type * as Triggers from "./triggers.ts";

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
  triggers: typeof Triggers;
  kept: typeof Kept;
}

/** A survey that may open by itself, and when (unix milliseconds) what it waits for has happened and its delay is over. */
export type Waiting = Ask & { due?: number };

/** What the modules need of the page, and what the page may call. */
export interface Page {
  settings: Settings;
  /** Local storage; where there is none or it is full, a record that lives as long as the page. */
  local: Record<string, unknown>;
  /** Puts something there. */
  keep<Value>(name: string, value: Value): Value;
  waiting: Waiting[];
  /** The last one of the server's. */
  answer?: Response;
  /** What the page reported since the last navigation. */
  events: [name: string, properties: Properties][];
  /** The address of Candor, up to `v1/`. */
  base: string;
  /** What open surveys do again and again; told to hide, they leave, also from what is no part of the document any more. */
  looks: ((hides?: unknown) => unknown)[];
  /** Ends every listener. Those without other options take it for theirs, of which it has the `signal`. */
  ending: AbortController;
  /** Calls `tick`. */
  timer: number;
  /** When the present address was come to, unix milliseconds. */
  since: number;
  /** Whether something that a survey waits for has happened. */
  has?: ReturnType<typeof Triggers.watch>;
  /** Opens a survey: by itself, since somebody asked for it, or in a host in the page. */
  open(ask: Ask, automatic?: unknown, host?: Host): Promise<unknown> | undefined;
  refused(ask: Ask): Refusal;
  tick(): void;
  identify(said?: Settings): unknown;
  show(touchpoint: string | null | undefined, host?: Host): unknown;
  track(name: string, properties: Properties): void;
}

/** What has a survey, or was found to have none. */
export type Host = HTMLElement & {
  /** true: it floats, and is shown until this is false. */
  candor?: unknown;
};

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

  const open = quietly(async (ask: Ask, automatic?: unknown, host?: HTMLElement) =>
    (await load(automatic && ask.texts.tab ? "tab" : "survey")).show(page, ask, automatic, host),
  );

  const show = quietly(async (touchpoint: string | null | undefined, host?: HTMLElement) => {
    // In the page its own clock alone counts, which comes first.
    for (const ask of await fetchAsks({ ...page.settings, ...host?.dataset, touchpoint }))
      if (!host || refused(ask) !== 1) void open(ask, 0, host);
  });

  /** Looks whose time has come; again and again, since nothing tells of most that surveys wait for. */
  const tick = quietly(() => {
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
    local: quietly(() => localStorage)() ?? {},
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
    identify: quietly(async (said?: Settings) => {
      page.settings = { ...page.settings, ...said };
      page.waiting = await fetchAsks(page.settings);
      tick();
      if (read()?.unsent?.[0]) (await load("kept")).sendKept(page);
      if (page.waiting.some(({ rules }) => rules.trigger)) page.has ??= (await load("triggers")).watch(page);
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
    since: 0,
    // Safari calls nobody idle; and where nothing moves Chromium may not either: hence a second at most.
    timer: setInterval(
      quietly(() => (window.requestIdleCallback ?? setTimeout)(tick, { timeout: 1e3 })),
      tickMs,
    ),
  };

  addEventListener("load", tick, ending);
  // Also where the page stops its clicks, and in its open shadow roots.
  addEventListener(
    "click",
    quietly((event) => {
      for (const { dataset } of event.composedPath() as HTMLElement[])
        if (dataset?.candorOpen) void show(dataset.candorOpen);
    }),
    { capture: true, signal: ending.signal },
  );
  return quietly(async (name: string, ...given: unknown[]) => {
    const command = name as "track";
    return (page[command] ?? (await load("commands")).added(page)[command])(
      ...(given as Parameters<Page["track"]>),
    );
  });
};
