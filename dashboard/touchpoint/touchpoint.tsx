import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso/router";
import type { Scores, TouchpointScore } from "../../shared/contract/scores.ts";
import { ask, useAsked } from "../api/ask.ts";
import { useStream } from "../api/stream.ts";
import { NewestComments } from "../figures/comments.tsx";
import { Buckets, Distribution } from "../figures/distribution.tsx";
import { LedgerSum } from "../figures/ledger.tsx";
import { curlOf } from "../figures/model/table.ts";
import { Asked, copy } from "../frame/asked.tsx";
import { Sheet } from "../frame/sheet.tsx";
import { at, page, touchpointNamed } from "../page.ts";
import { question, type Usual } from "../shown/address.ts";
import { againstWhat, ShownBar, useDates, useShown } from "../shown/bar.tsx";
import { Count, kindTag, t } from "../words.tsx";
import { Breakdown } from "./breakdown.tsx";
import { Hero } from "./facts.tsx";
import { OverTime } from "./over-time.tsx";

const usual: Usual = { period: "90d", interval: "week" };

/** One touchpoint: its score and what stands behind it. */
export default function Touchpoint() {
  const { params } = useRoute();
  // Another touchpoint is another view: nothing of the one before stays.
  return <View key={params.name} name={params.name ?? ""} />;
}

function View({ name }: { name: string }) {
  const { route } = useLocation();
  const [shown, show] = useShown(usual);
  const [attempt, setAttempt] = useState(0);
  const scorePath = question(`/v1/touchpoints/${name}/score`, shown, {
    interval: shown.interval,
    series: "headline",
  });
  const score = useAsked<TouchpointScore>(scorePath);
  const streamPath = question("/v1/scores/stream", shown, {
    touchpoint: name,
    group_by: shown.by,
    order: "lower_bound",
    // Each group is held against the rest, not against its past.
    compare: "",
  });
  const groups = useStream<Scores>(streamPath, attempt);
  // The stream tells that something changed; the score has an ETag, so asking in vain costs no transfer.
  const followed = useRef({ path: streamPath, data: groups.data });
  useEffect(() => {
    const before = followed.current;
    followed.current = { path: streamPath, data: groups.data };
    if (before.path === streamPath && before.data && before.data !== groups.data) void ask(scorePath);
  }, [streamPath, groups.data, scorePath]);
  const dates = useDates(shown);
  const here = touchpointNamed(name);
  const survey = page.surveys?.find(({ id }) => id === here?.survey);
  const kind = score.data?.kind ?? here?.kind;
  return (
    <Sheet
      title={name}
      below
      tag={kind && <span class="tag wide-only">{kindTag(kind)}</span>}
      live={{ of: groups, dates }}
      acts={[
        { name: t("install"), icon: "place", run: () => route(at(`/touchpoints/${name}/install`)) },
        { name: t("copy-link"), icon: "link", run: () => copy(location.href) },
        {
          name: t("copy-curl"),
          icon: "code",
          wide: true,
          run: () => copy(curlOf(location.origin, scorePath)),
        },
      ]}
    >
      <ShownBar shown={shown} show={show} periods={["30d", "90d", "this_year"]} />
      <Asked
        of={score}
        failed={t("failed.score")}
        again={() => void ask(scorePath)}
        bones={
          <div class="stack">
            <span class="bone hero" />
            <span class="bone chart" />
          </div>
        }
      >
        {(of) => (
          <>
            <Hero
              of={of}
              question={survey?.question ?? null}
              against={shown.compare === "none" ? null : againstWhat(shown)}
              dates={dates}
            />
            <OverTime
              of={of}
              path={scorePath}
              interval={shown.interval}
              setInterval={(interval) => show({ interval })}
              dates={dates}
              at={score.at ?? 0}
            />
            {of.n > 0 && <Counted of={of} />}
          </>
        )}
      </Asked>
      <Breakdown
        of={groups}
        whole={score.data}
        by={shown.by}
        setBy={(by) => show({ by })}
        again={() => setAttempt(attempt + 1)}
      />
      <div class="split even">
        <section class="section" aria-labelledby="counted">
          <header>
            <h2 id="counted">{t("ledger")}</h2>
          </header>
          {score.data ? <LedgerSum of={score.data.ledger} /> : <span class="bone block" />}
        </section>
        <NewestComments
          touchpoint={name}
          filters={shown.filters}
          most={3}
          dates={dates}
          bucketsOf={() => score.data?.buckets ?? []}
        />
      </div>
    </Sheet>
  );
}

/** How many gave which rating, and in which part of the scale they lie. */
const Counted = ({ of }: { of: TouchpointScore }) => (
  <div class="split even">
    {of.distribution.length > 0 && (
      <section class="section" aria-labelledby="ratings">
        <header>
          <h2 id="ratings">{t("dist")}</h2>
          <span class="note">
            <Count n={of.n} />
          </span>
        </header>
        <Distribution of={of} />
      </section>
    )}
    <section class="section" aria-labelledby="buckets">
      <header>
        <h2 id="buckets">{t("buckets")}</h2>
      </header>
      <Buckets of={of} />
    </section>
  </div>
);
