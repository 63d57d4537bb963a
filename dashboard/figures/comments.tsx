import type { Answer } from "../../shared/contract/responses.ts";
import { t, word } from "../words.tsx";
import type { Bucket } from "./model/answers.ts";
import type { Dates } from "./model/dates.ts";
import { Rating } from "./rating.tsx";

/** What `/v1/responses` answers. */
export interface Answers {
  data: Answer[];
}

/** The newest answers, of which those with a comment are shown. The API cannot be asked for these alone yet. */
export const newestAnswers = (touchpoint?: string): string =>
  `/v1/responses?limit=40${touchpoint ? `&touchpoint=${touchpoint}` : ""}`;

/** Whether an answer passes the filters of the scores beside it, so that both speak of the same. */
export const passes = (
  { survey, channel, locale, properties }: Answer,
  filters: readonly (readonly [name: string, values: string])[],
): boolean =>
  filters.every(([name, values]) => {
    const own: Record<string, string | null> = { survey, channel, locale };
    const property = /^property\[(.*)\]$/.exec(name)?.[1];
    const value = property === undefined ? own[name] : properties[property];
    return value === undefined || value === null
      ? name === "kind" || values.split(",").includes("(none)")
      : values.split(",").includes(String(value));
  });

interface CommentsProps {
  answers: readonly Answer[];
  most: number;
  dates: Dates;
  /** The parts of a touchpoint's scale, which colour its ratings. */
  bucketsOf: (touchpoint: string) => readonly Bucket[];
  /** Where all are of one touchpoint its name is not said again. */
  named?: boolean;
}

/** The newest comments, each with its rating and where it came from. */
export const Comments = ({ answers, most, dates, bucketsOf, named = true }: CommentsProps) => {
  const commented = answers.filter(({ comment, excluded }) => comment && excluded === null).slice(0, most);
  if (commented.length === 0) return <p class="nothing note">{t("comments.none")}</p>;
  return (
    <ul class="said">
      {commented.map((answer) => (
        <li key={answer.id}>
          <Rating rating={answer.rating} survey={answer.survey} buckets={bucketsOf(answer.touchpoint)} />
          <p>
            <bdi>{answer.comment}</bdi>
          </p>
          <time dateTime={answer.answered_at}>{dates.ago(Date.parse(answer.answered_at))}</time>
          <p class="who">{from(answer, named).join(" · ")}</p>
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
