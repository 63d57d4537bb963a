import type { Labels, Wording } from "./kinds.ts";

/** The fixed texts of widget and survey page in one language. */
export interface Texts {
  direction: "ltr" | "rtl";
  comment: string;
  send: string;
  close: string;
  thanks: string;
  unsent: string;
  /** `{rating}` of `{max}`, for screen readers. */
  option: string;
  change: string;
  expired: string;
  /** The survey page's sentences for what went wrong. */
  choose: string;
  tooLong: string;
  unknownLink: string;
  later: string;
  /** On the tab that opens a survey. */
  tab: string;
  /** Leads from one step to the next. */
  next: string;
  /** Above choices that allow several. */
  many: string;
  /** In a mail, and on the page behind it. */
  unsubscribe: string;
  unsubscribeAsk: string;
  unsubscribed: string;
}

/** The texts of a public score's badge and figure in one language. */
export interface ScoreTexts {
  customersSay: string;
  responses: string;
  interval: string;
  /** `{low}` to `{high}`. */
  range: string;
  period: string;
  smallSample: string;
  notEnough: string;
  /** By the kind's name. */
  labels: Readonly<Record<string, Labels>>;
}

/** All texts of Candor in one language. */
export interface Language extends Texts {
  /** What each kind asks, by its name. Where a kind is missing, its surveys are asked in another language. */
  kinds: Readonly<Record<string, Wording>>;
  /** Where missing, a public score is shown in another language. */
  score?: ScoreTexts;
}
