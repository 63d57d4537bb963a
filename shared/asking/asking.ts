/**
 * Whether a person may be asked: one pure function for the widget, the dry run and the mails. It ships in the loader, so
 * every byte of it is paid by each visitor; the worker writes the rules in the terse form in which they are read here.
 */

/**
 * An address matches when these occur in it one after the other. It is written as " origin path ?query ", with a space before
 * and after each and nowhere else: `" /cart "` is that path, `" /cart"` what begins so.
 */
export type PagePattern = string[];

export type Scalar = string | number | boolean;

/** What a property must be: one of these or none of these, at least or at most this. One that is missing only meets "none of". */
export type Condition =
  | [property: string, among: boolean, values: Scalar[]]
  | [property: string, atLeast: boolean, bound: number];

export type Properties = Record<string, Scalar>;

/** Under this name the device stands among the properties; no property of the page can be called so. */
export const deviceProperty = " device";

/** At most so many askings in so many days: of one survey, where that is named, or of all. */
export type Clock = [days: number, times: number, survey?: string];

/** Who may be asked where and how often. What is missing restricts nothing. */
export interface Rules {
  pages?: PagePattern[];
  notPages?: PagePattern[];
  audience?: Condition[];
  /** The share of visitors who are asked, 0 to 1. */
  sample?: number;
  /** The survey's own clock comes first. */
  clocks: Clock[];
}

/** One survey was put before this person. `at`: unix milliseconds. */
export type Asking = [survey: string, at: number];

/** Why somebody is not asked: from 1 the place of the clock; the page, the audience or the sample. 0: may be asked. */
export type Refusal = number;
export const offPage = -1;
export const outOfAudience = -2;
export const outOfSample = -3;

const dayMs = 864e5;

export const meets = (conditions: Condition[], properties: Properties): boolean =>
  conditions.every(([property, is, wanted]) => {
    const value = properties[property] as number;
    return typeof wanted === "object"
      ? wanted.includes(value) === is
      : is
        ? value >= wanted
        : value <= wanted;
  });

/**
 * Why this person is not asked now. The first reason counts: the clocks in their order, then the page, the audience, the sample. `draw` is between
 * 0 and 1, the same for a visitor and survey each time; `now` in unix milliseconds.
 */
export const refusal = (
  { pages, notPages, audience = [], sample, clocks }: Rules,
  address: string,
  properties: Properties,
  draw: number,
  askings: Asking[],
  now: number,
): Refusal => {
  // In time linear to the address: no piece is searched for before the end of the one in front of it.
  const onPage = (pattern: PagePattern) => {
    let end = 0;
    return pattern.every((piece) => {
      end = address.indexOf(piece, end) + piece.length;
      return end >= piece.length;
    });
  };
  // All ids are of one length, so that none includes another.
  const isRunning = ([days, times, only = ""]: Clock) =>
    askings.filter(([survey, at]) => at > now - days * dayMs && survey.includes(only)).length >= times;
  const running = clocks.findIndex(isRunning) + 1;
  if (running) return running;
  if ((pages && !pages.some(onPage)) || notPages?.some(onPage)) return offPage;
  if (!meets(audience, properties)) return outOfAudience;
  return draw >= (sample as number) ? outOfSample : 0;
};

/** The address of a page as patterns are compared with it. The widget, which has a location, spares this. */
export const addressOf = (url: string): string =>
  url.replace(/^(\w+:\/\/[^/?#]*)([^?#]*)(\??[^#]*).*/, " $1 $2 $3 ");
