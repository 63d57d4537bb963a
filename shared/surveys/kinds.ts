/** The legal ratings of a survey: every whole number from `min` to `max`. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/**
 * A named part of the scale: the ratings from `from` up to the next bucket's `from`.
 * `weight` is what one response in it adds to the kind's percentage: NPS = 100 * (promoters - detractors) / n.
 */
export interface Bucket {
  readonly name: string;
  readonly from: number;
  readonly weight: -1 | 0 | 1;
}

export const LOOKS = ["numbers", "faces", "stars", "thumbs", "labels"] as const;

/** How one rating is drawn: its visible text, or a drawing chosen by name (see `shared/looks/drawings.ts`). */
export type Look = (typeof LOOKS)[number];

/** What a kind asks unless a survey has its own words, in one language. */
export interface Wording {
  /** `{subject}` is replaced by the survey's subject. */
  readonly question: string;
  /** What the ends of the scale mean, or, for two ratings, what each of them says. */
  readonly low: string;
  readonly high: string;
}

/** What a kind's score is called, in one language. */
export interface Labels {
  /** The name by which people know the kind. */
  readonly title: string;
  /** What a reader calls each bucket, by its name. It follows the bucket's share: "80 % satisfied". */
  readonly bucketLabels: { readonly [bucket: string]: string };
}

/** One kind of survey, worded in English; `shared/surveys/languages/` has the other languages. */
export interface Kind extends Wording, Labels {
  readonly look: Look;
  /** The scales on offer; the first is the default. */
  readonly scales: readonly [Scale, ...Scale[]];
  /**
   * The buckets of a scale, lowest first; together they cover it. `topFrom` moves the start of the top bucket where the
   * kind allows it (`satisfied_from`); null takes the kind's own.
   */
  readonly buckets: (scale: Scale, topFrom: number | null) => readonly [Bucket, ...Bucket[]];
  readonly topMovable: boolean;
  /** Which figure is the headline: the weighted percentage of the buckets, or the mean rating. */
  readonly headline: "percentage" | "mean";
  /** The other figure, where it has a meaning. */
  readonly second: "percentage" | "mean" | null;
}

/** The first whole rating at or above the middle of the scale. */
const middle = ({ min, max }: Scale) => Math.ceil((min + max) / 2);

const zeroToTen: Scale = { min: 0, max: 10 };
const oneTo = (max: number): Scale => ({ min: 1, max });
const noYes: Scale = { min: 0, max: 1 };

const twoBuckets = (lower: string, upper: string): Kind["buckets"] => {
  return () => [
    { name: lower, from: 0, weight: 0 },
    { name: upper, from: 1, weight: 1 },
  ];
};

/**
 * Every kind of survey. Nothing else in the project asks which kind it has: the widget, the pages, the validation, the
 * formulas and the tests read this table. NPS: Reichheld 2003; CSAT: top two boxes; CES: version 2.0, where higher is
 * easier.
 */
export const KINDS: Record<string, Kind> = {
  nps: {
    title: "Net Promoter Score",
    question: "How likely are you to recommend {subject} to a friend or colleague?",
    low: "Not at all likely",
    high: "Extremely likely",
    look: "numbers",
    scales: [zeroToTen],
    buckets: () => [
      { name: "detractor", from: 0, weight: -1 },
      { name: "passive", from: 7, weight: 0 },
      { name: "promoter", from: 9, weight: 1 },
    ],
    topMovable: false,
    bucketLabels: { detractor: "detractors", passive: "passives", promoter: "promoters" },
    headline: "percentage",
    second: "mean",
  },
  csat: {
    title: "Customer Satisfaction",
    question: "How satisfied were you with {subject}?",
    low: "Very dissatisfied",
    high: "Very satisfied",
    look: "faces",
    scales: [oneTo(5), oneTo(7), oneTo(10)],
    // Top two boxes. Where `topFrom` is below the middle, no rating is left for neutral.
    buckets: (scale, topFrom) => {
      const top = topFrom ?? scale.max - 1;
      const neutral = middle(scale);
      return [
        { name: "dissatisfied", from: scale.min, weight: 0 },
        { name: "neutral", from: Math.min(neutral, top), weight: 0 },
        { name: "satisfied", from: top, weight: 1 },
      ];
    },
    topMovable: true,
    bucketLabels: { dissatisfied: "dissatisfied", neutral: "neutral", satisfied: "satisfied" },
    headline: "percentage",
    second: "mean",
  },
  ces: {
    title: "Customer Effort Score",
    question: "{subject} made it easy for me to handle my issue.",
    low: "Strongly disagree",
    high: "Strongly agree",
    look: "numbers",
    scales: [oneTo(7), oneTo(5)],
    buckets: (scale) => [
      { name: "difficult", from: scale.min, weight: 0 },
      { name: "neutral", from: middle(scale), weight: 0 },
      { name: "easy", from: middle(scale) + 1, weight: 1 },
    ],
    topMovable: false,
    bucketLabels: { difficult: "difficult", neutral: "neutral", easy: "easy" },
    headline: "mean",
    second: "percentage",
  },
  fcr: {
    title: "First Contact Resolution",
    question: "Was your issue resolved the first time you contacted us?",
    low: "No",
    high: "Yes",
    look: "labels",
    scales: [noYes],
    buckets: twoBuckets("unresolved", "resolved"),
    topMovable: false,
    bucketLabels: { unresolved: "unresolved", resolved: "resolved" },
    headline: "percentage",
    second: null,
  },
  thumbs: {
    title: "Thumbs up or down",
    question: "Was this helpful?",
    low: "No",
    high: "Yes",
    look: "thumbs",
    scales: [noYes],
    buckets: twoBuckets("negative", "positive"),
    topMovable: false,
    bucketLabels: { negative: "negative", positive: "positive" },
    headline: "percentage",
    second: null,
  },
};

/** The highest rating of any scale: the roll-up has one counter for each rating from 0 to this. */
export const HIGHEST_RATING = 10;

/** Every whole rating of a scale, lowest first. */
export const ratingsOf = (scale: Scale): number[] =>
  Array.from({ length: scale.max - scale.min + 1 }, (_, index) => scale.min + index);

/** Where the bucket at `index` ends (its last rating). An empty bucket ends before it starts. */
export const bucketEnd = (buckets: readonly Bucket[], index: number, scale: Scale): number =>
  (buckets[index + 1]?.from ?? scale.max + 1) - 1;

/** The buckets of all kinds, by name. Some kinds have one of the same name: neutral. */
export const bucketNames: readonly string[] = [
  ...new Set(
    Object.values(KINDS).flatMap(({ scales, buckets }) => buckets(scales[0], null).map(({ name }) => name)),
  ),
];
