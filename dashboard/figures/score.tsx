import { bucketLabel, Figure, numbers, say, t } from "../words.tsx";
import type { Group, Interval } from "./model/answers.ts";
import { type Ends, placeOn, wholeScale } from "./model/scale.ts";

type Scored = Pick<Group, "score" | "unit" | "scale" | "kind" | "buckets" | "small_sample" | "interval">;

/** What a score is in: "% satisfied", "points", "of 7". */
function unitOf({ unit, scale, kind, buckets }: Scored): string {
  if (unit === "points") return t("unit.points");
  if (unit === "rating") return t("unit.rating", { max: scale?.max ?? 0 });
  return t("unit.percent", { what: bucketLabel(kind, buckets.at(-1)?.name ?? "") });
}

/** The number, with what it is of. Of few answers it is quiet. */
export function Score({ of, big = false, stale = false }: { of: Scored; big?: boolean; stale?: boolean }) {
  if (of.score === null || !of.unit) return <NoScore />;
  const names = ["score", big && "big", (of.small_sample || stale) && "weak"];
  return (
    <p class={names.filter(Boolean).join(" ")}>
      <Figure>{numbers().score(of.score, of.unit)}</Figure> <span class="unit">{unitOf(of)}</span>
    </p>
  );
}

export const NoScore = () => (
  <p class="score none" aria-hidden="true">
    –
  </p>
);

interface RulerProps {
  of: Scored;
  stale?: boolean;
}

/** The interval on the whole scale, so that nobody takes a small difference for a large one. */
export function Ruler({ of, stale = false }: RulerProps) {
  const scale = wholeScale(of);
  if (of.score === null || !scale) return null;
  const names = ["ruler", of.small_sample && "weak", stale && "stale"];
  return (
    <div class={names.filter(Boolean).join(" ")} aria-hidden="true">
      {scale.min < 0 && <em style={{ insetInlineStart: `${placeOn(scale, 0)}%` }} />}
      {of.interval && <Span scale={scale} interval={of.interval} />}
      <b style={{ insetInlineStart: `${placeOn(scale, of.score)}%` }} />
    </div>
  );
}

const Span = ({ scale, interval }: { scale: Ends; interval: Interval }) => {
  const low = placeOn(scale, interval.low);
  return <i style={{ insetInlineStart: `${low}%`, inlineSize: `${placeOn(scale, interval.high) - low}%` }} />;
};

/** The interval in words: "79 to 89". */
export const IntervalSaid = ({ of, exact }: { of: Scored; exact?: boolean }) => {
  const { interval, unit } = of;
  if (!interval || !unit) return <>{t("interval.none")}</>;
  return (
    <>
      <span class="unseen">{t("interval.named")} </span>
      {say("interval", {
        low: <Figure>{numbers().score(interval.low, unit, exact)}</Figure>,
        high: <Figure>{numbers().score(interval.high, unit, exact)}</Figure>,
      })}
    </>
  );
};
