import type { Group } from "./model/answers.ts";
import { linesOf, sparkEnds } from "./model/lines.ts";
import { wholeScale } from "./model/scale.ts";

const box = { width: 600, height: 100 };

/** The rolling score of each day of the period, in a frame so high that noise looks small. */
export function Spark({ of }: { of: Pick<Group, "series" | "unit" | "scale" | "small_sample"> }) {
  const scale = wholeScale(of);
  const points = (of.series ?? []).flatMap(({ rolling }) => rolling ?? []);
  if (!scale || points.length < 2) return null;
  const { band, line, open } = linesOf({ points, axis: sparkEnds(scale, points), box, least: 1 });
  return (
    <div class={of.small_sample ? "spark weak" : "spark"}>
      <svg
        class="flip"
        viewBox={`0 0 ${box.width} ${box.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path class="band" d={band} />
        <path class="line thin" d={line} />
        <path class="line open" d={open} />
      </svg>
    </div>
  );
}
