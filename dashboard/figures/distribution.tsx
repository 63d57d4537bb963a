import { drawingOf } from "../../shared/looks/drawings.ts";
import { bucketLabel, Figure, lookOf, numbers, t } from "../words.tsx";
import type { Group } from "./model/answers.ts";
import { barsOf, endOf } from "./model/distribution.ts";
import { ratingText } from "./rating.tsx";

type Counted = Pick<Group, "kind" | "scale" | "distribution" | "buckets" | "n">;

/** How many gave each rating. */
export const Distribution = ({ of }: { of: Counted }) => (
  <table class="dist">
    <thead class="unseen">
      <tr>
        <th scope="col">{t("dist.rating")}</th>
        <td />
        <th scope="col">{t("answers")}</th>
        <th scope="col">{t("dist.share")}</th>
      </tr>
    </thead>
    <tbody>
      {barsOf(of).map(({ rating, count, share, length, end }) => (
        <tr key={rating}>
          <th scope="row">
            <Face rating={rating} of={of} />
            <Figure>{ratingText(rating, of.scale)}</Figure>
          </th>
          <td class={`track ${end}`}>
            <i style={{ inlineSize: `${length}%` }} />
          </td>
          <CountAndShare count={count} share={share} />
        </tr>
      ))}
    </tbody>
  </table>
);

/** Two cells; of nobody there is no share. */
const CountAndShare = ({ count, share }: { count: number; share: number | null }) => (
  <>
    <td class="n">
      <Figure>{numbers().count(count)}</Figure>
    </td>
    <td class="n quiet">{share !== null && <Figure>{numbers().share(share)} %</Figure>}</td>
  </>
);

/** As the kind draws it for respondents; numbers have no drawing. */
const Face = ({ rating, of: { kind, scale } }: { rating: number; of: Counted }) => {
  const look = lookOf(kind);
  const drawing = look && scale && drawingOf(look, scale, rating);
  return drawing ? (
    <svg class="i face" viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawing} />
    </svg>
  ) : null;
};

/** The parts of the scale that the score is made of. */
export const Buckets = ({ of: { buckets, kind, distribution } }: { of: Counted }) => (
  <>
    <div class="stackbar" aria-hidden="true">
      {buckets.map(
        ({ name, count }, index) =>
          count > 0 && <i key={name} class={endOf(index, buckets.length)} style={{ "--v": count }} />,
      )}
    </div>
    <table class="buckets">
      <thead class="unseen">
        <tr>
          <th scope="col">{t("buckets.bucket")}</th>
          <th scope="col">{t("answers")}</th>
          <th scope="col">{t("dist.share")}</th>
        </tr>
      </thead>
      <tbody>
        {buckets
          .map((bucket, index) => ({ ...bucket, end: endOf(index, buckets.length) }))
          .toReversed()
          .map(({ name, from, to, count, share, end }) => (
            <tr key={name}>
              <th scope="row">
                <i class={`key ${end}`} />
                {bucketLabel(kind, name)}{" "}
                {from !== null && to !== null && from <= to && distribution.length > 2 && (
                  <Figure>
                    <span class="quiet">{from === to ? from : `${from}–${to}`}</span>
                  </Figure>
                )}
              </th>
              <CountAndShare count={count} share={share} />
            </tr>
          ))}
      </tbody>
    </table>
  </>
);
