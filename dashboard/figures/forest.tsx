import { Figure, numbers, say, t } from "../words.tsx";
import { ChangeSaid } from "./change.tsx";
import type { Group, Unit } from "./model/answers.ts";
import { type ForestRow, forestOf } from "./model/forest.ts";
import { type Ends, placeOn } from "./model/scale.ts";
import { sign } from "./series-chart.tsx";

interface ForestProps {
  /** What the groups are of: "Channel". */
  dimension: string;
  nameOf: (group: Group) => string;
  groups: readonly Group[];
  whole: Pick<Group, "score" | "interval">;
  unit: Unit;
  scale: Ends;
}

/** Each group's score with its interval on one axis, and the whole behind them all. */
export const Forest = ({ dimension, nameOf, groups, whole, unit, scale }: ForestProps) => {
  const forest = forestOf(groups, whole, scale);
  const all = forest.whole === null ? {} : { "--all": `${forest.whole}%` };
  return (
    <table class="forest" style={all}>
      <thead>
        <tr>
          <th scope="col">{dimension}</th>
          <th scope="col" class="n few">
            n
          </th>
          <th scope="col">
            <span class="unseen">{t("interval.column")}</span>
          </th>
          <th scope="col" class="n">
            {t("table.score")}
          </th>
          <th scope="col" class="few">
            {t("forest.rest")}
          </th>
        </tr>
      </thead>
      <tbody>
        {forest.rows.map((row) => (
          <Row key={JSON.stringify(row.group.group)} row={row} name={nameOf(row.group)} unit={unit} />
        ))}
      </tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td />
          <td class="few" />
          <td class="fx">
            {forest.axis.ticks.map((tick) => (
              <span key={tick} style={{ insetInlineStart: `${placeOn(forest.axis, tick)}%` }}>
                <Figure>{numbers().score(tick, unit, unit !== "rating" && !Number.isInteger(tick))}</Figure>
              </span>
            ))}
          </td>
          <td />
          <td class="few" />
        </tr>
      </tfoot>
    </table>
  );
};

const Row = ({ row, name, unit }: { row: ForestRow; name: string; unit: Unit }) => {
  const { group, low, high, score, weak } = row;
  const { interval, n, rest } = group;
  const said = (value: number) => <Figure>{numbers().score(value, unit)}</Figure>;
  return (
    <tr>
      <th scope="row">
        <bdi>{name}</bdi>
      </th>
      <td class="n quiet few">
        <Figure>{numbers().count(n)}</Figure>
      </td>
      <td class={weak ? "fx weak" : "fx"}>
        {low !== null && high !== null && (
          <i style={{ insetInlineStart: `${low}%`, inlineSize: `${high - low}%` }} />
        )}
        {score !== null && <b style={{ insetInlineStart: `${score}%` }} />}
        <span class="unseen">
          {interval
            ? say("interval", { low: said(interval.low), high: said(interval.high) })
            : t("interval.none")}
        </span>
      </td>
      <td class="n">
        <b>
          {group.score === null ? "–" : <Figure>{numbers().score(group.score, unit) + sign(unit)}</Figure>}
        </b>
      </td>
      <td class="few">
        <ChangeSaid change={rest?.change ?? null} unit={unit} n={n} plain />
      </td>
    </tr>
  );
};
