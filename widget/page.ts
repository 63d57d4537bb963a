import type { Properties, Refusal } from "../shared/asking/asking.ts";
import type { CompiledTrigger } from "../shared/asking/rules.ts";
import type { Ask } from "../shared/contract/ask.ts";

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
  has?: (trigger: CompiledTrigger) => boolean | undefined;
  /** Opens a survey: by itself, since somebody asked for it, or in a host in the page. */
  open(ask: Ask, automatic?: unknown, host?: Host): Promise<unknown> | undefined;
  refused(ask: Ask): Refusal;
  /** Sends what earlier visits left. */
  resend(): unknown;
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

/** When what was opened on this page, or is refused on it, is due. */
export const never = 9e15;
