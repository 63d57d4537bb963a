import type { ComponentChildren } from "preact";
import type { Group } from "../figures/model/answers.ts";
import { verdictOf } from "../figures/model/change.ts";
import { at } from "../page.ts";
import { Figure, listed, numbers, say } from "../words.tsx";

/** More would be no sentence any more. */
const mostNamed = 5;

interface DigestProps {
  groups: readonly Group[];
  /** Whether anything is compared. */
  compared: boolean;
}

/** What changed by more than chance, before any number: from the API's own judgement. */
export function Digest({ groups, compared }: DigestProps) {
  const answered = groups.filter(({ n }) => n > 0);
  if (!compared || answered.length === 0) {
    const answers = answered.reduce((sum, { n }) => sum + n, 0);
    return <p class="digest">{say("digest.answers", { n: answers })}</p>;
  }
  const moved = answered.flatMap((group) => {
    const verdict = verdictOf(group.compare?.change ?? null, group.n);
    const { is } = verdict;
    return is === "up" || is === "down" ? [{ group, is, by: verdict.by }] : [];
  });
  // The largest share of its scale first would need a common scale; by name they stand in the order of the cells.
  if (moved.length === 0) return <p class="digest">{say("digest.none", { n: answered.length })}</p>;
  const named = moved.slice(0, mostNamed).map(({ group, is, by }) => sentence(group, is, by));
  const more = moved.length - named.length;
  return (
    <p class="digest">
      {say("digest.some", {
        n: answered.length,
        changed: moved.length,
        list: <>{listed(more > 0 ? [...named, say("digest.more", { n: more })] : named)}</>,
      })}
    </p>
  );
}

/** "relationship is up 17 points"; a mean has no name for its steps. */
function sentence({ group, unit }: Group, is: "up" | "down", by: number): ComponentChildren {
  const name = group.touchpoint ?? "";
  const link = (
    <a href={at(`/touchpoints/${name}`)}>
      <bdi>{name}</bdi>
    </a>
  );
  const distance = unit ? numbers().distance(by, unit) : "";
  if (unit === "rating") return say(`digest.${is}.rating`, { link, by: <Figure>{distance}</Figure> });
  return say(`digest.${is}`, { link, n: Math.round(Math.abs(by)) });
}
