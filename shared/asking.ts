/**
 * Whether a person may be asked: one pure function for the widget, the dry run and the mails. It ships in the loader, so
 * every byte of it is paid by each visitor; the worker writes the rules in the terse form in which they are read here.
 */

/**
 * An address matches when these occur in it one after the other. A space stands before and after each of origin, path and
 * query, and nowhere else: `" /cart "` is that path, `" /cart"` what begins so, `" https://shop.example "` that origin.
 */
export type PagePattern = string[];

/** What a person's property must be; all that is given must hold. A property that is missing is none of them. */
export interface Condition {
  property: string;
  is?: (string | number | boolean)[];
  not?: (string | number | boolean)[];
  min?: number;
  max?: number;
}

export type Properties = Record<string, string | number | boolean>;

/** Who may be asked where and how often. What is missing restricts nothing. */
export interface Rules {
  pages?: PagePattern[];
  notPages?: PagePattern[];
  devices?: string[];
  audience?: Condition[];
  /** The share of visitors who are asked, 0 to 1. */
  sample?: number;
  /** The survey's own clock: days after it was asked in which it is not asked again. */
  wait: number;
  /** The workspace's clock: days after any survey in which no survey is asked. */
  rest?: number;
  /** The person's budget: at most this many askings in so many days. */
  most?: [times: number, days: number];
}

/** One survey was put before this person. `at`: unix milliseconds. */
export type Asking = [survey: string, at: number];

export interface Situation {
  survey: string;
  url: string;
  device: string;
  properties: Properties;
  /** Between 0 and 1, the same for this visitor and survey each time. */
  luck: number;
  askings: Asking[];
}

export type Refusal =
  | "page"
  | "device"
  | "audience"
  | "sample"
  | "survey-clock"
  | "workspace-clock"
  | "budget";

const dayMs = 864e5;
const parts = /^(\w+:\/\/[^/?#]*)([^?#]*)(\??[^#]*).*/;

/** In time linear to the address: no piece is searched for before the end of the one in front of it. */
const matches = (pattern: PagePattern, url: string): boolean => {
  const address = url.replace(parts, " $1 $2 $3 ");
  let end = 0;
  return pattern.every((piece) => {
    const at = address.indexOf(piece, end);
    end = at + piece.length;
    return at >= 0;
  });
};

export const meets = (conditions: Condition[], properties: Properties): boolean =>
  conditions.every(({ property, is, not, min, max }) => {
    const value = properties[property] as number;
    return (
      (!is || is.includes(value)) &&
      !not?.includes(value) &&
      (min == null || value >= min) &&
      (max == null || value <= max)
    );
  });

/** Why this person is not asked now; undefined: may be asked. The first reason counts, in the order of `Refusal`. */
export const refusal = (rules: Rules, situation: Situation, now: number): Refusal | undefined => {
  const { pages, notPages, devices, audience, sample, wait, rest = 0, most } = rules;
  const { survey, url, device, properties, luck, askings } = situation;
  const onPage = (pattern: PagePattern) => matches(pattern, url);
  const within = (days: number) => askings.filter(([, at]) => at > now - days * dayMs);
  if ((pages && !pages.some(onPage)) || notPages?.some(onPage)) return "page";
  if (devices && !devices.includes(device)) return "device";
  if (audience && !meets(audience, properties)) return "audience";
  if (sample != null && luck >= sample) return "sample";
  if (within(wait).some(([asked]) => asked === survey)) return "survey-clock";
  if (within(rest).length) return "workspace-clock";
  if (most && within(most[1]).length >= most[0]) return "budget";
};
