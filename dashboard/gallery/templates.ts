import type { Look, Wording } from "../../shared/surveys/kinds.ts";

/** A question after the rating, without its words. */
interface TemplateStep {
  /** `comment` is the response's comment. */
  id: string;
  kind: "text" | "choice";
  /** The ids of what there is to choose. */
  choices?: readonly string[];
  /** Asked if the rating lies in one of these buckets; absent: always. */
  buckets?: readonly string[];
}

/** A survey that is asked well, as far as it is the same in every language. */
export interface Template {
  id: string;
  use: "shop" | "support" | "product" | "relationship";
  kind: string;
  scaleMax?: number;
  look?: Look;
  /** null: the kind's own comment. */
  steps: readonly TemplateStep[] | null;
  /** The name that its touchpoint usually has. */
  touchpoint: string;
  /** How it is asked best. */
  way: "widget" | "inline" | "mail";
  delaySeconds?: number;
  waitDays?: number;
}

/** What a template says in one language. */
interface TemplateWords {
  name: string;
  /** Where and when it is asked best. */
  ask: string;
  /** Absent: what its kind asks. `{subject}` is the survey's subject. */
  question?: string;
  steps?: Readonly<Record<string, { question?: string; choices?: Readonly<Record<string, string>> }>>;
}

/** What a build makes of a language's file: its templates, and what surveys without words of their own ask. */
export interface GalleryWords {
  templates: Readonly<Record<string, TemplateWords>>;
  kinds: Readonly<Record<string, Wording>>;
  comment: string;
}

/** Those who are not content: the lower buckets. */
const low = { csat: ["dissatisfied", "neutral"], ces: ["difficult", "neutral"] };

/** Each kind, and each use that most people have for it. Their words are in `words/`. */
export const TEMPLATES: readonly Template[] = [
  {
    id: "checkout",
    use: "shop",
    kind: "csat",
    steps: [
      {
        id: "obstacle",
        kind: "choice",
        choices: ["payment", "shipping", "account", "broken"],
        buckets: low.csat,
      },
      { id: "comment", kind: "text" },
    ],
    touchpoint: "checkout",
    way: "widget",
    delaySeconds: 2,
    waitDays: 90,
  },
  {
    id: "delivery",
    use: "shop",
    kind: "csat",
    look: "stars",
    steps: [
      { id: "better", kind: "choice", choices: ["late", "damaged", "tracking"], buckets: low.csat },
      { id: "comment", kind: "text" },
    ],
    touchpoint: "delivered",
    way: "mail",
  },
  {
    id: "ticket",
    use: "support",
    kind: "ces",
    steps: [{ id: "comment", kind: "text", buckets: low.ces }],
    touchpoint: "ticket-closed",
    way: "mail",
  },
  {
    id: "contact",
    use: "support",
    kind: "fcr",
    steps: [{ id: "comment", kind: "text", buckets: ["unresolved"] }],
    touchpoint: "first-contact",
    way: "mail",
  },
  {
    id: "onboarding",
    use: "product",
    kind: "csat",
    scaleMax: 7,
    look: "numbers",
    steps: [{ id: "comment", kind: "text", buckets: low.csat }],
    touchpoint: "onboarding",
    way: "widget",
    waitDays: 90,
  },
  {
    id: "task",
    use: "product",
    kind: "ces",
    steps: [{ id: "comment", kind: "text", buckets: low.ces }],
    touchpoint: "task-done",
    way: "widget",
    delaySeconds: 1,
  },
  {
    id: "article",
    use: "product",
    kind: "thumbs",
    steps: [{ id: "comment", kind: "text", buckets: ["negative"] }],
    touchpoint: "docs-article",
    way: "inline",
    // Whoever reads another article is asked there too: nobody is interrupted.
    waitDays: 0,
  },
  {
    id: "relationship",
    use: "relationship",
    kind: "nps",
    steps: null,
    touchpoint: "relationship",
    way: "mail",
    waitDays: 90,
  },
  {
    id: "cancelled",
    use: "relationship",
    kind: "nps",
    steps: [
      { id: "reason", kind: "choice", choices: ["price", "missing", "other", "need"] },
      { id: "comment", kind: "text" },
    ],
    touchpoint: "cancelled",
    way: "widget",
  },
];
