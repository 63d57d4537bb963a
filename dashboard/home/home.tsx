import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Scores } from "../../shared/contract/scores.ts";
import { useStream } from "../api/stream.ts";
import { NewestComments } from "../figures/comments.tsx";
import { LedgerTable } from "../figures/ledger.tsx";
import type { Group } from "../figures/model/answers.ts";
import { ledgerOver } from "../figures/model/ledger.ts";
import { curlOf } from "../figures/model/table.ts";
import { Asked, copy } from "../frame/asked.tsx";
import { Sheet } from "../frame/sheet.tsx";
import { page, samples } from "../page.ts";
import { type Usual, writeAddress } from "../shown/address.ts";
import { ShownBar, useDates, useShown } from "../shown/bar.tsx";
import { say, t } from "../words.tsx";
import { AddCell, ApartCell, BoneCell, Cell, type CellOf, EmptyCell, GhostCell } from "./cell.tsx";
import { Digest } from "./digest.tsx";
import { scoresOf, streamOf, usual } from "./question.ts";

/** Of a touchpoint's own view, whose address leaves out other things. */
const usualThere: Usual = { period: "90d", interval: "week" };

/** All touchpoints: what changed, each score with its certainty, the newest comments, and what was counted. */
export default function Home() {
  const [shown, show] = useShown(usual);
  const [attempt, setAttempt] = useState(0);
  const together = useStream<Scores>(streamOf(shown, false), attempt);
  // One touchpoint whose surveys have no common score must not take the others' scores away.
  const apart = together.failure?.problem === "surveys-disagree";
  const each = useStream<Scores>(apart ? streamOf(shown, true) : null, attempt);
  const scores = apart ? each : together;
  const dates = useDates(shown);
  const groups = scores.data?.data ?? [];
  const failed = scores.failure && !scores.data;
  const asOf = scores.failure && scores.at ? dates.time(scores.at) : null;
  const compared = shown.compare !== "none";
  const query = writeAddress({ ...shown, by: "channel", interval: "week" }, usualThere);
  // What is invented is shown in its cells, and is neither news nor counted.
  const own = groups.filter(({ group }) => !samples.has(group.touchpoint ?? ""));
  const received = own.reduce((sum, { ledger }) => sum + ledger.received, 0);
  const [settingUp, SetUp, Samples] = useSetUp(received > 0);
  return (
    <Sheet
      title={t("home")}
      live={{ of: scores, dates }}
      acts={[
        { name: t("copy-link"), icon: "link", run: () => copy(location.href) },
        {
          name: t("copy-curl"),
          icon: "code",
          wide: true,
          run: () => copy(curlOf(location.origin, scoresOf(shown, apart))),
        },
      ]}
    >
      <div class="stack top">
        {!settingUp && <ShownBar shown={shown} show={show} periods={["7d", "30d", "90d", "this_quarter"]} />}
        {SetUp ? (
          <SetUp received={received} counted={own.reduce((sum, { n }) => sum + n, 0)} />
        ) : scores.data && !settingUp ? (
          <Digest groups={own} compared={compared} />
        ) : (
          !failed && <p class="digest bone" />
        )}
      </div>
      <section class="section" aria-labelledby="touchpoints">
        <h2 class="unseen" id="touchpoints">
          {t("touchpoints")}
        </h2>
        <Asked
          of={scores}
          failed={t("failed.scores")}
          again={() => setAttempt(attempt + 1)}
          bones={
            <div class="cells">
              {cellsOf([]).map((of) => (
                <BoneCell key={of.name} of={of} query={query} />
              ))}
            </div>
          }
        >
          {({ data, period, more = 0 }) => (
            <>
              <div class="cells">
                {cellsOf(data).map((of) => {
                  const there = data.filter(({ group, n }) => group.touchpoint === of.name && n > 0);
                  const [group] = there;
                  if (there.length > 1)
                    return <ApartCell key={of.name} of={of} query={query} groups={there} />;
                  if (settingUp && !group) return <GhostCell key={of.name} of={of} query={query} />;
                  return group ? (
                    <Cell key={of.name} {...{ of, group, compared, asOf }} query={query} />
                  ) : (
                    <EmptyCell
                      key={of.name}
                      {...{ of, dates }}
                      query={query}
                      period={
                        shown.filters.length > 0
                          ? null
                          : { from: Date.parse(period.from), to: Date.parse(period.to) }
                      }
                      longer={
                        shown.period === "90d" ? null : () => show({ period: "90d", from: null, to: null })
                      }
                    />
                  );
                })}
                {settingUp && cellsOf(data).length > 0 && <AddCell />}
              </div>
              {more > 0 && <p class="note">{say("cells.more", { n: more })}</p>}
            </>
          )}
        </Asked>
        {Samples && <Samples />}
      </section>
      {!settingUp && (
        <div class="split">
          <NewestComments
            filters={shown.filters}
            most={5}
            dates={dates}
            bucketsOf={(name) => groups.find(({ group }) => group.touchpoint === name)?.buckets ?? []}
            counted={{
              question: writeAddress(shown, usual),
              n: groups.reduce((sum, { n }) => sum + n, 0),
            }}
          />
          {!failed && (
            <section class="section" aria-labelledby="counted">
              <header>
                <h2 id="counted">{t("ledger")}</h2>
              </header>
              {scores.data ? (
                <>
                  <LedgerTable of={ledgerOver(own.map(({ ledger }) => ledger))} />
                  <p class="note">{t("ledger.note")}</p>
                </>
              ) : (
                <span class="bone block" />
              )}
            </section>
          )}
        </div>
      )}
    </Sheet>
  );
}

type SetUp = FunctionComponent<{ received: number; counted: number }>;

/**
 * Whether the steps to the first score are shown, as where nobody had answered yet when home was opened, their view and that of
 * sample data once they are loaded: most never need them.
 */
function useSetUp(answered: boolean): [settingUp: boolean, SetUp | null, FunctionComponent | null] {
  const [settingUp] = useState(!page.answered && page.touchpoints !== null);
  const [setUp, setSetUp] = useState<SetUp | null>(null);
  const [sampled, setSampled] = useState<FunctionComponent | null>(null);
  useEffect(() => {
    if (settingUp) void import("../setup/setup.tsx").then((loaded) => setSetUp(() => loaded.default));
    if (settingUp || samples.size > 0)
      void import("../setup/samples.tsx").then((loaded) => setSampled(() => loaded.default));
  }, []);
  // They stay until home is left: what was just ticked does not jump away.
  useEffect(() => {
    if (answered) page.answered = true;
  }, [answered]);
  return [settingUp, setUp, sampled];
}

/** Every touchpoint of the page, also without an answer; where they are too many to carry, those that have some. */
function cellsOf(groups: readonly Group[]): CellOf[] {
  const answered = groups.map(
    ({ group, kind }): CellOf => ({ name: group.touchpoint ?? "", kind, since: null }),
  );
  const known = (page.touchpoints ?? []).map(({ name, kind, since }) => ({
    name,
    // What was answered there says it where another survey is asked by now.
    kind: groups.find(({ group }) => group.touchpoint === name)?.kind ?? kind,
    since: Date.parse(since),
  }));
  const others = answered.filter(({ name }) => !known.some((one) => one.name === name));
  return [...known, ...others].sort((one, other) => (one.name < other.name ? -1 : 1));
}
