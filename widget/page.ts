import type { Properties, Refusal } from "../shared/asking/asking.ts";
import type { CompiledTrigger } from "../shared/asking/rules.ts";
import type { Ask } from "../shared/contract/ask.ts";

/** The settings that a page gives: `data-…` attributes of the script or a host element, or `candor("init", …)`. */
export interface Settings {
  /** A publishable key. */
  key?: string;
  /** The touchpoint that is asked automatically; default: all automatic touchpoints. */
  touchpoint?: string | null;
  /** BCP 47; default: the page's language, else the browser's. */
  locale?: string;
  respondent?: string;
  /** HMAC of the respondent, made by the page's server. */
  respondentHash?: string;
  properties?: Properties;
  /** Not empty: keep nothing and open nothing by itself before `candor("consent", true)`. */
  consent?: string;
  /** "true": ask respondents who were asked before too, and record nothing. */
  test?: string;
  /** The dated behaviour that the page was written for (YYYY-MM-DD); default: the widget's own. */
  version?: string;
}

/** An automatic survey, and when it is due (unix milliseconds): its trigger has happened and its delay is over. */
export type Waiting = Ask & { due?: number };

/** The state that the modules share, and the commands that the page may call. */
export interface Page {
  settings: Settings;
  /** Local storage; if there is none or it is full, an object that lives as long as the page. */
  local: Record<string, unknown>;
  /** Puts a value into `local`. */
  keep<Value>(name: string, value: Value): Value;
  waiting: Waiting[];
  /** The server's last answer to `ask`. */
  answer?: Response;
  /** Events that the page reported since the last navigation. */
  events: [name: string, properties: Properties][];
  /** The address of Candor, up to `v1/`. */
  base: string;
  /** Called at each tick by what floats. With `hides` they remove it, even if it is no longer in the document. */
  looks: ((hides?: unknown) => unknown)[];
  /** Ends every listener. Passed itself as a listener's options, since it has a `signal`. */
  ending: AbortController;
  /** The interval that calls `tick`. */
  timer: number;
  /** When the page navigated to the present address, unix milliseconds. */
  since: number;
  /** Whether a trigger has happened. */
  has?: (trigger: CompiledTrigger) => boolean | undefined;
  /** Opens a survey: automatically, on request, or in a host element of the page. */
  open(ask: Ask, automatic?: unknown, host?: Host): Promise<unknown> | undefined;
  refused(ask: Ask): Refusal;
  /** Sends the responses that earlier visits left. */
  resend(): unknown;
  tick(): void;
  identify(said?: Settings): unknown;
  show(touchpoint: string | null | undefined, host?: Host): unknown;
  track(name: string, properties: Properties): void;
}

/** An element that holds a survey, or was found to have none. */
export type Host = HTMLElement & {
  /** For a floating survey: true while it is shown, then false. */
  candor?: unknown;
};

/** The `due` of a survey that was opened or refused on this page. */
export const never = 9e15;
