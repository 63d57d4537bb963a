/**
 * Whether a person may be asked: one pure function for the widget, the dry run and the mails. It ships in the loader,
 * so every visitor pays for its bytes. The worker therefore writes the rules in this terse form.
 */

/**
 * An address matches when it contains these pieces in order. It is written as " origin path ?query ", with a space
 * before and after each part and nowhere else: `" /cart "` is exactly that path, `" /cart"` is any path that begins so.
 */
export type PagePattern = string[];

export type Scalar = string | number | boolean;

/** What a property must be: one or none of some values; at least or at most a bound. If absent: only "none of" holds. */
export type Condition =
  | [property: string, among: boolean, values: Scalar[]]
  | [property: string, atLeast: boolean, bound: number];

export type Properties = Record<string, Scalar>;

/** The name of the device among the properties. No property of a page can have this name. */
export const deviceProperty = " device";

/** At most `times` askings in `days` days: of the named survey, or else of all surveys. */
export type Clock = [days: number, times: number, survey?: string];

/** Who may be asked, where and how often. A missing part restricts nothing. */
export interface Rules {
  pages?: PagePattern[];
  notPages?: PagePattern[];
  audience?: Condition[];
  /** The share of visitors who are asked, 0 to 1. */
  sample?: number;
  /** The survey's own clock comes first. */
  clocks: Clock[];
}

/** One asking of this person. `at`: unix milliseconds. */
export type Asking = [survey: string, at: number];

/** Why a person is not asked. From 1: the position of a clock; negative: page, audience, sample; 0: may be asked. */
export type Refusal = number;
export const offPage = -1;
export const outOfAudience = -2;
export const outOfSample = -3;

// Not imported from durations.ts: the loader would carry how it is computed, 15 bytes more.
export const dayMs = 864e5;

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
 * Why this person is not asked now. The first reason counts: the clocks in their order, then the page, the audience,
 * the sample. `draw` lies between 0 and 1 and stays the same for a visitor and survey; `now` is in unix milliseconds.
 */
export const refusal = (
  { pages, notPages, audience = [], sample, clocks }: Rules,
  address: string,
  properties: Properties,
  draw: number,
  askings: Asking[],
  now: number,
): Refusal => {
  // Linear in the length of the address: each piece is searched for only after the end of the piece before it.
  const onPage = (pattern: PagePattern) => {
    let end = 0;
    return pattern.every((piece) => {
      end = address.indexOf(piece, end) + piece.length;
      return end >= piece.length;
    });
  };
  // All ids have the same length, so no id includes another.
  const isRunning = ([days, times, only = ""]: Clock) =>
    askings.filter(([survey, at]) => at > now - days * dayMs && survey.includes(only)).length >= times;
  const running = clocks.findIndex(isRunning) + 1;
  if (running) return running;
  if ((pages && !pages.some(onPage)) || notPages?.some(onPage)) return offPage;
  if (!meets(audience, properties)) return outOfAudience;
  return draw >= (sample as number) ? outOfSample : 0;
};

/** The address of a page in the form that patterns are compared with. The widget reads its location instead. */
export const addressOf = (url: string): string =>
  url.replace(/^(\w+:\/\/[^/?#]*)([^?#]*)(\??[^#]*).*/, " $1 $2 $3 ");
