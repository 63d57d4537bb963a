import { Icon, type IconName } from "../frame/icons.tsx";
import { Figure, numbers, say, t } from "../words.tsx";
import type { Change, Unit } from "./model/answers.ts";
import { type Verdict, verdictOf } from "./model/change.ts";

interface ChangeProps {
  change: Change;
  unit: Unit | null;
  /** Counted answers, of which too few cannot be judged. */
  n: number;
  /** Without a drawing, within a line. */
  plain?: boolean;
}

const icons: Readonly<Record<Verdict["is"], IconName>> = {
  up: "up",
  down: "down",
  chance: "same",
  few: "clock",
  "few-before": "clock",
  none: "same",
};

/** How it moved, in words; coloured only where it is more than chance. */
export function ChangeSaid({ change, unit, n, plain = false }: ChangeProps) {
  const verdict = verdictOf(change, n);
  const { is } = verdict;
  const title =
    "by" in verdict && unit
      ? t("change.between", {
          low: numbers().difference(verdict.low, unit),
          high: numbers().difference(verdict.high, unit),
        })
      : undefined;
  return (
    <span class={is === "up" || is === "down" ? `change ${is}` : "change"} title={title}>
      {!plain && <Icon name={icons[is]} />}
      <span>{said(verdict, unit ?? "percent")}</span>
    </span>
  );
}

function said(verdict: Verdict, unit: Unit) {
  if (verdict.is === "few") return say("change.few", { n: verdict.missing });
  if (verdict.is === "none") return say("change.none");
  const { is, by } = verdict;
  const sign = is === "chance" || is === "few-before";
  const figure = <Figure>{sign ? numbers().difference(by, unit) : numbers().distance(by, unit)}</Figure>;
  return say(`change.${is}`, { by: figure });
}
