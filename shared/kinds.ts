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

/** How one rating is drawn: its visible text, or a drawing chosen by name (see `shared/drawings.ts`). */
export type Look = "numbers" | "faces" | "thumbs" | "labels";

/** One text in several languages, by BCP 47 language; English is what every other language falls back to. */
export type Wording = { readonly en: string; readonly [language: string]: string };

export interface Kind {
  /** The name people know it by. */
  readonly title: Wording;
  /** Default question; `{subject}` is replaced by the survey's subject. */
  readonly question: Wording;
  /** What the ends of the scale mean, or, for two ratings, what each of them says. */
  readonly low: Wording;
  readonly high: Wording;
  readonly look: Look;
  /** The scales on offer; the first is the default. */
  readonly scales: readonly [Scale, ...Scale[]];
  /**
   * The buckets of a scale, lowest first; together they cover it. `topFrom` moves the start of the top bucket where
   * the kind allows it (`satisfied_from`), null takes the kind's own.
   */
  readonly buckets: (scale: Scale, topFrom: number | null) => readonly [Bucket, ...Bucket[]];
  readonly topMovable: boolean;
  /** What a reader calls each bucket, by its name; fits behind its share: "80 % satisfied". */
  readonly bucketLabels: { readonly [bucket: string]: Wording };
  /** Which figure is the headline: the weighted percentage of the buckets, or the mean rating. */
  readonly headline: "percentage" | "mean";
  /** The other figure, where it says something. */
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
 * Every kind of survey. Nothing else in the project asks which kind it deals with: the widget, the pages, the
 * validation, the formulas and the tests read this table. NPS: Reichheld 2003; CSAT: top two boxes; CES: version 2.0,
 * where higher is easier.
 */
export const KINDS: Record<string, Kind> = {
  nps: {
    title: { en: "Net Promoter Score", ar: "صافي نقاط الترويج" },
    question: {
      en: "How likely are you to recommend {subject} to a friend or colleague?",
      de: "Wie wahrscheinlich ist es, dass Sie {subject} weiterempfehlen?",
      fr: "Recommanderiez-vous {subject} à un proche ou à un collègue ?",
      es: "¿Qué probabilidad hay de que recomiende {subject} a un amigo o colega?",
      ar: "ما مدى احتمال أن توصي بـ {subject} لصديق أو زميل؟",
    },
    low: {
      en: "Not at all likely",
      de: "Sehr unwahrscheinlich",
      fr: "Pas du tout",
      es: "Nada probable",
      ar: "غير محتمل إطلاقًا",
    },
    high: {
      en: "Extremely likely",
      de: "Sehr wahrscheinlich",
      fr: "Certainement",
      es: "Muy probable",
      ar: "محتمل جدًا",
    },
    look: "numbers",
    scales: [zeroToTen],
    buckets: () => [
      { name: "detractor", from: 0, weight: -1 },
      { name: "passive", from: 7, weight: 0 },
      { name: "promoter", from: 9, weight: 1 },
    ],
    topMovable: false,
    bucketLabels: {
      detractor: { en: "detractors", de: "Detraktoren", fr: "détracteurs", es: "detractores", ar: "منتقدون" },
      passive: { en: "passives", de: "Passive", fr: "passifs", es: "pasivos", ar: "محايدون" },
      promoter: { en: "promoters", de: "Promotoren", fr: "promoteurs", es: "promotores", ar: "مروّجون" },
    },
    headline: "percentage",
    second: "mean",
  },
  csat: {
    title: {
      en: "Customer Satisfaction",
      de: "Kundenzufriedenheit",
      fr: "Satisfaction client",
      es: "Satisfacción del cliente",
      ar: "رضا العملاء",
    },
    question: {
      en: "How satisfied were you with {subject}?",
      de: "Wie zufrieden waren Sie mit {subject}?",
      fr: "Êtes-vous satisfait de {subject} ?",
      es: "¿Qué tan satisfecho está con {subject}?",
      ar: "ما مدى رضاك عن {subject}؟",
    },
    low: {
      en: "Very dissatisfied",
      de: "Sehr unzufrieden",
      fr: "Très insatisfait",
      es: "Muy insatisfecho",
      ar: "غير راضٍ إطلاقًا",
    },
    high: {
      en: "Very satisfied",
      de: "Sehr zufrieden",
      fr: "Très satisfait",
      es: "Muy satisfecho",
      ar: "راضٍ جدًا",
    },
    look: "faces",
    scales: [oneTo(5), oneTo(7), oneTo(10)],
    // Top two boxes. Where `topFrom` reaches below the middle, nothing is left to be neutral.
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
    bucketLabels: {
      dissatisfied: {
        en: "dissatisfied",
        de: "unzufrieden",
        fr: "insatisfaits",
        es: "insatisfechos",
        ar: "غير راضين",
      },
      neutral: { en: "neutral", de: "neutral", fr: "neutres", es: "neutrales", ar: "محايدون" },
      satisfied: { en: "satisfied", de: "zufrieden", fr: "satisfaits", es: "satisfechos", ar: "راضون" },
    },
    headline: "percentage",
    second: "mean",
  },
  ces: {
    title: {
      en: "Customer Effort Score",
      fr: "Score d'effort client",
      es: "Esfuerzo del cliente",
      ar: "مؤشر جهد العميل",
    },
    question: {
      en: "{subject} made it easy for me to handle my issue.",
      de: "{subject} hat es mir leicht gemacht, mein Anliegen zu klären.",
      fr: "{subject} m'a permis de régler ma demande facilement.",
      es: "{subject} me lo puso fácil para resolver mi problema.",
      ar: "سهّل علي {subject} حل مشكلتي.",
    },
    low: {
      en: "Strongly disagree",
      de: "Stimme gar nicht zu",
      fr: "Pas du tout d'accord",
      es: "Muy en desacuerdo",
      ar: "لا أوافق بشدة",
    },
    high: {
      en: "Strongly agree",
      de: "Stimme voll zu",
      fr: "Tout à fait d'accord",
      es: "Muy de acuerdo",
      ar: "أوافق بشدة",
    },
    look: "numbers",
    scales: [oneTo(7), oneTo(5)],
    buckets: (scale) => [
      { name: "difficult", from: scale.min, weight: 0 },
      { name: "neutral", from: middle(scale), weight: 0 },
      { name: "easy", from: middle(scale) + 1, weight: 1 },
    ],
    topMovable: false,
    bucketLabels: {
      difficult: { en: "difficult", de: "schwierig", fr: "difficile", es: "difícil", ar: "صعب" },
      neutral: { en: "neutral", de: "neutral", fr: "neutre", es: "neutral", ar: "محايد" },
      easy: { en: "easy", de: "leicht", fr: "facile", es: "fácil", ar: "سهل" },
    },
    headline: "mean",
    second: "percentage",
  },
  fcr: {
    title: {
      en: "First Contact Resolution",
      de: "Lösung beim ersten Kontakt",
      fr: "Résolution au premier contact",
      es: "Resolución en el primer contacto",
      ar: "الحل من أول تواصل",
    },
    question: {
      en: "Was your issue resolved the first time you contacted us?",
      de: "Wurde Ihr Anliegen beim ersten Kontakt gelöst?",
      fr: "Votre demande a-t-elle été réglée dès le premier contact ?",
      es: "¿Se resolvió su problema la primera vez que nos contactó?",
      ar: "هل حُلّت مشكلتك من أول تواصل معنا؟",
    },
    low: { en: "No", de: "Nein", fr: "Non", es: "No", ar: "لا" },
    high: { en: "Yes", de: "Ja", fr: "Oui", es: "Sí", ar: "نعم" },
    look: "labels",
    scales: [noYes],
    buckets: twoBuckets("unresolved", "resolved"),
    topMovable: false,
    bucketLabels: {
      unresolved: { en: "unresolved", de: "ungelöst", fr: "non résolu", es: "sin resolver", ar: "غير محلول" },
      resolved: { en: "resolved", de: "gelöst", fr: "résolu", es: "resuelto", ar: "محلول" },
    },
    headline: "percentage",
    second: null,
  },
  thumbs: {
    title: {
      en: "Thumbs up or down",
      de: "Daumen hoch oder runter",
      fr: "Pouce levé ou baissé",
      es: "Pulgar arriba o abajo",
      ar: "إعجاب أو عدم إعجاب",
    },
    question: {
      en: "Was this helpful?",
      de: "War das hilfreich?",
      fr: "Cela vous a-t-il aidé ?",
      es: "¿Le resultó útil?",
      ar: "هل كان هذا مفيدًا؟",
    },
    low: { en: "No", de: "Nein", fr: "Non", es: "No", ar: "لا" },
    high: { en: "Yes", de: "Ja", fr: "Oui", es: "Sí", ar: "نعم" },
    look: "thumbs",
    scales: [noYes],
    buckets: twoBuckets("negative", "positive"),
    topMovable: false,
    bucketLabels: {
      negative: { en: "negative", de: "negativ", fr: "négatif", es: "negativo", ar: "سلبي" },
      positive: { en: "positive", de: "positiv", fr: "positif", es: "positivo", ar: "إيجابي" },
    },
    headline: "percentage",
    second: null,
  },
};

/** The highest rating that any scale may offer: the roll-up has one counter for each rating from 0 to here. */
export const HIGHEST_RATING = 10;

/** Every whole rating of a scale, lowest first. */
export const ratingsOf = (scale: Scale): number[] =>
  Array.from({ length: scale.max - scale.min + 1 }, (_, index) => scale.min + index);

/** Where the bucket at `index` ends (its last rating). An empty bucket ends before it starts. */
export const bucketEnd = (buckets: readonly Bucket[], index: number, scale: Scale): number =>
  (buckets[index + 1]?.from ?? scale.max + 1) - 1;

/** The wording in `locale`'s language, or in English. Own properties only: a locale comes from outside. */
export function inLanguage(wording: Wording, locale: string): string {
  const language = locale.split("-")[0]?.toLowerCase() ?? "";
  return (Object.hasOwn(wording, language) ? wording[language] : undefined) ?? wording.en;
}
