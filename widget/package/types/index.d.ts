type Scalar = string | number | boolean;
export type Properties = Record<string, Scalar>;

export interface Settings {
  /** A publishable key. */
  key?: string;
  /** The touchpoint that is asked automatically; default: all automatic touchpoints. */
  touchpoint?: string | null;
  /** BCP 47; default: the page's language, else the browser's. */
  locale?: string;
  respondent?: string;
  /** HMAC of the respondent, made by your server. */
  respondentHash?: string;
  properties?: Properties;
  /** Not empty: keep nothing and open nothing by itself before `candor("consent", true)`. */
  consent?: string;
  /** "true": record nothing. */
  test?: string;
  /** The dated behaviour that the page was written for (YYYY-MM-DD). */
  version?: string;
}

export interface Options extends Settings {
  /** Where Candor is: `https://candor.example`, followed by the path before `/v1/` if there is one. */
  origin: string;
}

export interface Reason {
  touchpoint: string;
  survey: string;
  asked: boolean;
  explanation: string;
}

/** The detail of the events `shown`, `answered`, `completed` and `dismissed`. */
export interface Detail {
  touchpoint: string;
  /** The response's id; undefined if nothing was answered. */
  id?: string;
  rating?: number;
}
type EventName = "shown" | "answered" | "completed" | "dismissed";
type Listener = (event: CustomEvent<Detail>) => void;

/** Starts Candor in the page; a later call updates the settings. Does nothing on a server. */
export function init(options: Options): void;

export function candor(command: "identify", settings: Settings): Promise<unknown>;
export function candor(command: "track", event: string, properties?: Properties): Promise<unknown>;
export function candor(command: "show", touchpoint: string): Promise<unknown>;
export function candor(command: "on" | "off", event: EventName, listener: Listener): Promise<unknown>;
export function candor(command: "consent", given: boolean): Promise<unknown>;
export function candor(command: "why"): Promise<Reason[] | undefined>;
export function candor(command: "storage"): Promise<Record<string, string> | undefined>;
export function candor(command: "hide" | "reset" | "shutdown"): Promise<unknown>;
