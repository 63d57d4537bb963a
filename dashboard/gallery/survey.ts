import {
  bucketEnd,
  KINDS,
  type Kind,
  type Look,
  ratingsOf,
  type Scale,
  type Wording,
} from "../../shared/surveys/kinds.ts";
import type { GalleryWords, Template } from "./templates.ts";

type ByLanguage = Readonly<Record<string, GalleryWords>>;

/** What a template asks after the rating, in one language. */
interface Follows {
  id: string;
  question: string;
  choices: string[];
  /** The ratings after which it is asked; null: all. */
  ratings: number[] | null;
}

/** A template as a respondent would see it. */
export interface Shown {
  kind: Kind;
  scale: Scale;
  look: Look;
  wording: Wording;
  follows: Follows[];
}

const kindOf = ({ kind }: Template): Kind => {
  const found = KINDS[kind];
  if (!found) throw new Error(`${kind} is not a kind`);
  return found;
};

/** The scale that its ratings are on. */
export const scaleOf = (template: Template): Scale => {
  const { scales } = kindOf(template);
  return scales.find(({ max }) => max === template.scaleMax) ?? scales[0];
};

/** What it asks and what follows, with the survey's subject put in. */
export function shownIn(template: Template, words: GalleryWords, subject: string): Shown {
  const kind = kindOf(template);
  const scale = scaleOf(template);
  const own = words.templates[template.id];
  const wording = words.kinds[template.kind] ?? kind;
  const buckets = kind.buckets(scale, null);
  const ratingsIn = (names: readonly string[]) =>
    ratingsOf(scale).filter((rating) =>
      buckets.some(
        ({ name, from }, index) =>
          names.includes(name) && rating >= from && rating <= bucketEnd(buckets, index, scale),
      ),
    );
  return {
    kind,
    scale,
    look: template.look ?? kind.look,
    wording: { ...wording, question: (own?.question ?? wording.question).replaceAll("{subject}", subject) },
    follows: (template.steps ?? [{ id: "comment", kind: "text" as const }]).map(
      ({ id, choices = [], ...step }) => ({
        id,
        question: own?.steps?.[id]?.question ?? words.comment,
        choices: choices.map((choice) => own?.steps?.[id]?.choices?.[choice] ?? choice),
        ratings: "buckets" in step && step.buckets ? ratingsIn(step.buckets) : null,
      }),
    ),
  };
}

interface Chosen {
  /** The language of whoever makes it: the survey's, where a respondent's is not known. */
  locale: string;
  subject: string;
  /** As it was typed; null: left as it was. */
  question: string | null;
}

/**
 * The survey of a template, as `POST /v1/surveys` takes it. It has the template's words in each language of the gallery; in all
 * others its kind's own wording asks about the subject.
 */
export function surveyFrom(template: Template, all: ByLanguage, { locale, subject, question }: Chosen) {
  const inEach = <Words>(wordsIn: (words: GalleryWords, tag: string) => Words | undefined) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([tag, words]): [string, Words][] => {
        const found = wordsIn(words, tag);
        return found === undefined ? [] : [[tag, found]];
      }),
    );
  const { id, kind, scaleMax, look, steps } = template;
  return {
    name: all[locale]?.templates[id]?.name ?? id,
    kind,
    ...(scaleMax && { scale_max: scaleMax }),
    ...(look && { look }),
    subject,
    locale,
    texts: inEach(({ templates }, tag) => {
      const asked = tag === locale && question !== null ? question : templates[id]?.question;
      return asked === undefined ? undefined : { question: asked };
    }),
    steps:
      steps?.map((step) => ({
        id: step.id,
        kind: step.kind,
        texts: inEach(({ templates }) => {
          const asked = templates[id]?.steps?.[step.id]?.question;
          return asked === undefined ? undefined : { question: asked };
        }),
        ...(step.choices && {
          choices: step.choices.map((choice) => ({
            id: choice,
            texts: inEach(({ templates }) => templates[id]?.steps?.[step.id]?.choices?.[choice]),
          })),
        }),
        ...(step.buckets && { when: [{ bucket: step.buckets }] }),
      })) ?? null,
  };
}

/** The touchpoint at which it goes live, as `POST /v1/touchpoints` takes it. */
export const touchpointFor = (
  { delaySeconds = 0, waitDays = 30 }: Template,
  name: string,
  survey: string,
) => ({
  name,
  survey,
  delay_seconds: delaySeconds,
  wait_days: waitDays,
});
