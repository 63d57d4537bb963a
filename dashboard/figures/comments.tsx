import { useRef } from "preact/hooks";
import type { Answer } from "../../shared/contract/responses.ts";
import { ask, useAsked } from "../api/ask.ts";
import { Asked } from "../frame/asked.tsx";
import { type Shown, valuesOf } from "../shown/address.ts";
import { say, t, word } from "../words.tsx";
import type { Bucket } from "./model/answers.ts";
import type { Dates } from "./model/dates.ts";
import { Rating } from "./rating.tsx";

/** What `/v1/responses` answers. */
export interface Answers {
  data: Answer[];
  next_cursor: string | null;
}

type Filters = Shown["filters"];

/** Enough that a filter which is applied here leaves some. */
const fromMany = 40;

/** Filters that the list of answers takes as well: one channel, one survey. */
const isListed = ([name, values]: Filters[number]) =>
  (name === "channel" || name === "survey") && valuesOf(values).length === 1;

/** The question for the newest comments that count, under the filters of the scores beside them. */
function questionOf({ most, filters, touchpoint }: NewestCommentsProps): string {
  const limit = filters.every(isListed) ? most : fromMany;
  const query = new URLSearchParams([
    ["comment", "true"],
    ["excluded", "false"],
    ["limit", String(limit)],
  ]);
  if (touchpoint !== undefined) query.set("touchpoint", touchpoint);
  for (const [name, values] of filters.filter(isListed)) query.set(name, valuesOf(values)[0] ?? "");
  return `/v1/responses?${query}`;
}

/** Whether an answer passes the filters that the list does not take, so that scores and comments speak of the same. */
const passes = ({ survey, channel, locale, properties }: Answer, filters: Filters): boolean =>
  filters.every(([name, values]) => {
    const own: Record<string, string | null> = { survey, channel, locale };
    const property = /^property\[(.*)\]$/.exec(name)?.[1];
    const value = property === undefined ? own[name] : properties[property];
    return value === undefined || value === null
      ? name === "kind" || valuesOf(values).includes("(none)")
      : valuesOf(values).includes(String(value));
  });

interface NewestCommentsProps {
  filters: Filters;
  most: number;
  dates: Dates;
  /** The parts of a touchpoint's scale, which colour its ratings. */
  bucketsOf: (touchpoint: string) => readonly Bucket[];
  /** Only of this one, whose name is not said again. */
  touchpoint?: string;
  counted?: Counted;
}

/** What a stream beside the comments asks, and how many answers it counts by now. */
interface Counted {
  question: string;
  n: number;
}

/** The newest comments. Those that come while one reads wait behind a button, where a stream tells of them: nothing jumps. */
export function NewestComments(props: NewestCommentsProps) {
  const path = questionOf(props);
  const answers = useAsked<Answers>(path);
  const fresh = useFresh(props.counted, answers.at);
  return (
    <section class="section" aria-labelledby="comments">
      <header>
        <h2 id="comments">{t("comments")}</h2>
      </header>
      {fresh > 0 && (
        <button class="fresh" type="button" onClick={() => void ask(path)}>
          {say("comments.fresh", { n: fresh })}
        </button>
      )}
      <Asked
        of={answers}
        failed={t("failed.comments")}
        again={() => void ask(path)}
        bones={<span class="bone block" />}
      >
        {(of) => <Comments of={of} {...props} />}
      </Asked>
    </section>
  );
}

/** How many answers to the same question have come since the comments did. */
function useFresh({ question, n }: Counted = { question: "", n: 0 }, at = 0): number {
  const seen = useRef({ question, n, at });
  const { current } = seen;
  if (question !== current.question || at !== current.at || current.n === 0)
    seen.current = { question, n, at };
  return n - seen.current.n;
}

/** Each with its rating and where it came from. */
const Comments = ({
  of,
  filters,
  most,
  dates,
  bucketsOf,
  touchpoint,
}: NewestCommentsProps & { of: Answers }) => {
  const commented = of.data.filter((answer) => passes(answer, filters)).slice(0, most);
  // The list looks at some answers for each comment and then stops: there may be older ones.
  if (commented.length === 0)
    return (
      <p class="nothing note">{t(of.next_cursor === null ? "comments.none" : "comments.none-newest")}</p>
    );
  return (
    <ul class="said">
      {commented.map((answer) => (
        <li key={answer.id}>
          <Rating rating={answer.rating} survey={answer.survey} buckets={bucketsOf(answer.touchpoint)} />
          <p>
            <bdi>{answer.comment}</bdi>
          </p>
          <time dateTime={answer.answered_at}>{dates.ago(Date.parse(answer.answered_at))}</time>
          <p class="who">{from(answer, touchpoint === undefined).join(" · ")}</p>
        </li>
      ))}
    </ul>
  );
};

/** Where an answer came from, in a few words; of its properties the first, which an owner named first. */
const from = ({ touchpoint, channel, properties }: Answer, named: boolean): string[] => [
  ...(named ? [touchpoint] : []),
  word("channel", channel),
  ...Object.entries(properties)
    .slice(0, 1)
    .map(([name, value]) => `${name} ${value}`),
];
