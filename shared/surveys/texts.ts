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
  /** The survey page's sentences about what did not work. */
  choose: string;
  tooLong: string;
  unknownLink: string;
  later: string;
  /** On the tab that opens a survey. */
  tab: string;
  /** Leads from one step to the next. */
  next: string;
  /** Above choices of which several may be taken. */
  many: string;
  /** In a mail, and on the page behind it. */
  unsubscribe: string;
  unsubscribeAsk: string;
  unsubscribed: string;
}

/** What badge and figure of a public score say in one language. */
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

/** All that Candor says in one language. */
export interface Language extends Texts {
  /** What each kind asks, by its name. A survey of a kind that is missing here is asked in another language. */
  kinds: Readonly<Record<string, Wording>>;
  /** Where it is missing, a public score is shown in another language. */
  score?: ScoreTexts;
}
