import type { ComponentChildren } from "preact";
import { ChangeSaid } from "../figures/change.tsx";
import type { Group } from "../figures/model/answers.ts";
import type { Dates } from "../figures/model/dates.ts";
import { IntervalSaid, NoScore, Ruler, Score } from "../figures/score.tsx";
import { Spark } from "../figures/spark.tsx";
import { Icon } from "../frame/icons.tsx";
import { at, page, samples } from "../page.ts";
import { Count, kindTag, say, t } from "../words.tsx";

/** What a cell is about, whether or not anything was answered there. */
export interface CellOf {
  name: string;
  kind: string | null;
  /** Unix ms since when there is something to answer; null: unknown. */
  since: number | null;
}

interface CellProps {
  of: CellOf;
  /** Its address keeps the period, the zone and the filters. */
  query: string;
}

const Head = ({ of: { name, kind }, query, tag }: CellProps & { tag?: ComponentChildren }) => (
  <header class="row between">
    <h3>
      <a href={at(`/touchpoints/${name}`, query)}>
        <bdi>{name}</bdi>
      </a>
    </h3>
    {samples.has(name) && <span class="tag">{t("cell.sample")}</span>}
    {tag ?? (kind && <span class="tag">{kindTag(kind)}</span>)}
  </header>
);

interface ScoredProps extends CellProps {
  group: Group;
  compared: boolean;
  /** The time since which nothing newer came; null: it is current. */
  asOf: string | null;
}

/** A touchpoint: its score, how certain that is, and whether it changed. */
export const Cell = ({ of, query, group, compared, asOf }: ScoredProps) => {
  const stale = asOf !== null;
  return (
    <article class="cell">
      <Head
        of={of}
        query={query}
        tag={
          stale ? (
            <span class="tag warn">
              <span>{say("live.as-of.short", { time: asOf })}</span>
            </span>
          ) : undefined
        }
      />
      <div class="mid">
        <Score of={group} stale={stale} />
        <Spark of={group} />
      </div>
      <div class="certain">
        <Ruler of={group} stale={stale} />
        <p class="facts">
          <span>
            <IntervalSaid of={group} />
          </span>
          <span>
            <Count n={group.n} />
          </span>
        </p>
      </div>
      <p>
        {stale ? (
          <span class="change">
            <Icon name="clock" />
            {t("live.not-current")}
          </span>
        ) : compared ? (
          <ChangeSaid change={group.compare?.change ?? null} unit={group.unit} n={group.n} />
        ) : (
          group.small_sample && <ChangeSaid change={null} unit={group.unit} n={group.n} />
        )}
      </p>
    </article>
  );
};

interface EmptyProps extends CellProps {
  dates: Dates;
  /** In unix ms; null: only some answers are asked for, so that others may be there. */
  period: { from: number; to: number } | null;
  /** Shows a longer period; null: there is none. */
  longer: (() => void) | null;
}

/** A touchpoint without answers in the period: since when it is asked there, where that is in the period or after it. */
export const EmptyCell = ({ of, query, dates, period, longer }: EmptyProps) => {
  const isLater = of.since !== null && period !== null && of.since >= period.to;
  const isNew = of.since !== null && period !== null && of.since >= period.from && !isLater;
  return (
    <article class="cell">
      <Head of={of} query={query} />
      <NoScore />
      <p class="note">
        {isNew || isLater
          ? say(isNew ? "cell.unanswered" : "cell.later", { date: dates.longDay(of.since ?? 0) })
          : t(of.kind ? "cell.none" : "cell.not-asked")}
      </p>
      {longer && !isNew && (
        <div class="row">
          <button class="btn" type="button" onClick={longer}>
            <span>{say("cell.longer", { n: 90 })}</span>
          </button>
        </div>
      )}
    </article>
  );
};

/** Where nobody has ever answered: what will stand there. */
export const GhostCell = ({ of, query }: CellProps) => (
  <article class="cell">
    <Head of={of} query={query} />
    <svg class="ghost flip" viewBox="0 0 600 120" preserveAspectRatio="none" aria-hidden="true">
      <path d="M0 30L120 44L240 52L360 50L480 46L600 40V64L480 72L360 80L240 86L120 92L0 108Z" />
      <path class="line" d="M0 72L120 69L240 68L360 64L480 58L600 51" />
    </svg>
    <p class="note">{t("cell.ghost")}</p>
  </article>
);

/** Leads to one touchpoint more. */
export const AddCell = () => (
  <article class="cell">
    <p class="note">{t("cell.elsewhere")}</p>
    <div class="row">
      <a class="btn" href={at("/surveys/new")}>
        <Icon name="plus" />
        {t("gallery")}
      </a>
    </div>
  </article>
);

interface ApartProps extends CellProps {
  groups: readonly Group[];
}

/** A touchpoint that several surveys are answered at, which are not added up: each has its own view. */
export const ApartCell = ({ of, query, groups }: ApartProps) => (
  <article class="cell">
    <Head of={of} query={query} />
    <NoScore />
    <p class="note">{say("cell.apart", { n: groups.length })}</p>
    <div class="row wrap">
      {groups.map(({ group: { survey = "" } }) => (
        <a
          key={survey}
          class="btn"
          href={at(`/touchpoints/${of.name}`, `${query || "?"}${query && "&"}survey=${survey}`)}
        >
          <bdi>{page.surveys?.find(({ id }) => id === survey)?.name ?? survey}</bdi>
        </a>
      ))}
    </div>
  </article>
);

/** The shape of a cell whose score is awaited. */
export const BoneCell = ({ of, query }: CellProps) => (
  <article class="cell">
    <Head of={of} query={query} />
    <div class="mid">
      <span class="bone number" />
      <span class="bone line" />
    </div>
    <div class="stack">
      <span class="bone ruler" />
      <span class="bone facts" />
    </div>
    <p>
      <span class="unseen">{t("cell.loading")}</span>
    </p>
  </article>
);
