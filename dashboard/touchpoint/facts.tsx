import type { ComponentChildren } from "preact";
import type { TouchpointScore } from "../../shared/contract/scores.ts";
import { ChangeSaid } from "../figures/change.tsx";
import { type Verdict, verdictOf } from "../figures/model/change.ts";
import type { Dates } from "../figures/model/dates.ts";
import { wholeScale } from "../figures/model/scale.ts";
import { IntervalSaid, NoScore, Ruler, Score } from "../figures/score.tsx";
import { sign } from "../figures/series-chart.tsx";
import { Figure, numbers, say, t } from "../words.tsx";

interface HeroProps {
  of: TouchpointScore;
  /** As respondents read it; null: nothing is asked there now. */
  question: string | null;
  /** What it is compared with, in words: "the 90 days before"; null: with nothing. */
  against: string | null;
  dates: Dates;
}

/** The score, as large as it is meant, and six facts without which it would say little. */
export const Hero = ({ of, question, against, dates }: HeroProps) => {
  const scale = wholeScale(of);
  const out = of.ledger.received - of.ledger.counted;
  return (
    <section class="hero" aria-label={t("score")}>
      <div class="stack">
        {question && (
          <p class="quiet">
            <bdi>{question}</bdi>
          </p>
        )}
        {of.n > 0 ? <Score of={of} big /> : <NoScore />}
        <Ruler of={of} />
        {scale && of.n > 0 && (
          <p class="ends quiet" aria-hidden="true">
            <Figure>
              {numbers().score(scale.min, of.unit === "rating" ? "percent" : (of.unit ?? "percent"))}
            </Figure>
            <Figure>
              {numbers().score(scale.max, of.unit === "rating" ? "percent" : (of.unit ?? "percent"))}
            </Figure>
          </p>
        )}
      </div>
      <dl class="factlist">
        <Fact term={t("fact.interval")} more={neededSaid(of)}>
          {of.interval ? (
            <>
              <IntervalSaid of={of} />
              {of.unit && sign(of.unit)}
            </>
          ) : (
            "–"
          )}
        </Fact>
        <Fact term={t("answers")} more={out > 0 && say("fact.left-out", { n: out })}>
          <Figure>{numbers().count(of.n)}</Figure>
        </Fact>
        <Compared of={of} against={against} />
        <Second of={of} />
        <Rate of={of} />
        <Fact
          term={t("fact.last")}
          more={
            of.last_answered_at && t("fact.last.on", { date: dates.longDay(Date.parse(of.last_answered_at)) })
          }
        >
          {of.last_answered_at ? <bdi>{dates.ago(Date.parse(of.last_answered_at))}</bdi> : t("never")}
        </Fact>
      </dl>
    </section>
  );
};

interface FactProps {
  term: ComponentChildren;
  more?: ComponentChildren;
  children: ComponentChildren;
}

const Fact = ({ term, more, children }: FactProps) => (
  <div>
    <dt>{term}</dt>
    <dd>{children}</dd>
    {more && <dd class="more">{more}</dd>}
  </div>
);

/** How many more answers make the interval narrow enough to act on. */
function neededSaid({ answers_needed: n }: TouchpointScore): ComponentChildren {
  if (n === null) return null;
  return n === 0 ? t("fact.enough") : say("fact.needed", { n });
}

const Compared = ({ of, against }: Pick<HeroProps, "of" | "against">) => {
  const change = of.compare?.change ?? null;
  const { unit } = of;
  if (!against) return <Fact term={t("fact.change")}>–</Fact>;
  const term = t("fact.against", { what: against });
  if (!change || !unit)
    return (
      <Fact term={term} more={<ChangeSaid change={change} unit={unit} n={of.n} plain />}>
        –
      </Fact>
    );
  const { is } = verdictOf(change, of.n);
  const said = is === "up" || is === "down" ? "moved" : is === "chance" ? is : "few-before";
  const ends = {
    low: <Figure>{numbers().difference(change.interval.low, unit)}</Figure>,
    high: <Figure>{numbers().difference(change.interval.high, unit)}</Figure>,
  };
  return (
    <Fact term={term} more={<ChangeWords is={is}>{say(`fact.${said}`, ends)}</ChangeWords>}>
      <Figure>{numbers().difference(change.difference, unit)}</Figure>
    </Fact>
  );
};

const ChangeWords = ({ is, children }: { is: Verdict["is"]; children: ComponentChildren }) => (
  <span class={`change ${is}`}>
    <span>{children}</span>
  </span>
);

/** The figure beside the headline: of a percentage the mean, of a mean the percentage. */
const Second = ({ of }: { of: TouchpointScore }) => {
  const isMean = of.unit !== "rating";
  const figure = isMean ? of.mean : of.percentage;
  // Of some kinds a second figure says nothing.
  if (!figure) return null;
  const unit = isMean ? "rating" : "percent";
  const said = (value: number) => <Figure>{numbers().score(value, unit)}</Figure>;
  return (
    <Fact
      term={t(isMean ? "fact.mean" : "fact.percentage")}
      more={
        figure.interval &&
        say("interval", { low: said(figure.interval.low), high: said(figure.interval.high) })
      }
    >
      <Figure>{numbers().score(figure.value, unit) + sign(unit)}</Figure>
    </Fact>
  );
};

/** Of those who saw the widget, how many answered. What cannot be known is said so. */
const Rate = ({ of: { response_rate: rate } }: { of: TouchpointScore }) => {
  if (!rate)
    return (
      <Fact term={t("fact.rate")} more={t("fact.rate.unseen")}>
        –
      </Fact>
    );
  const { seen, answered, value } = rate;
  return (
    <Fact
      term={t("fact.rate")}
      more={value === null ? t("fact.rate.unknown") : say("fact.rate.of", { answered, n: seen })}
    >
      {value === null ? t("unknown") : <Figure>{numbers().score(value, "percent")} %</Figure>}
    </Fact>
  );
};
