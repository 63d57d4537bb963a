import { useState } from "preact/hooks";
import { isNamed } from "../../shared/asking/origins.ts";
import type { Sightings } from "../../shared/contract/sightings.ts";
import type { Asked } from "../api/ask.ts";
import { refusalIn, send } from "../api/change.ts";
import type { Refused } from "../api/refused.ts";
import { Failed, whyOf } from "../frame/asked.tsx";
import { keep, page } from "../page.ts";
import { seenDates } from "../snippet/seen.tsx";
import { say, t } from "../words.tsx";

/** Each origin that asked, and of which the key is not: those are answered with nothing. */
export function SeenTable({ of: { data } }: { of: Asked<Sightings> }) {
  const [failure, setFailure] = useState<Refused | null>(null);
  const { key, role } = page;
  if (!data || data.data.length === 0) return null;
  const dates = seenDates();
  // A key that names no origin may be used on any.
  const refused = (origin: string) => key !== null && key.origins.length > 0 && !isNamed(origin, key.origins);
  const allow = async (origin: string) => {
    if (!key) return;
    try {
      const origins = [...key.origins, origin];
      await send({ method: "PATCH", path: `/v1/keys/${key.id}`, body: { origins } });
      keep({ key: { ...key, origins } });
    } catch (error) {
      setFailure(refusalIn(error));
    }
  };
  return (
    <>
      <div class="tablewrap">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("seen.where")}</th>
              <th scope="col" class="n">
                {t("seen.first")}
              </th>
              <th scope="col" class="n">
                {t("seen.last")}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.data.map(({ origin, first_seen_at, last_seen_at }) => (
              <tr key={origin}>
                <th scope="row">
                  <div class="row wrap">
                    <code dir="ltr" translate={false}>
                      {origin}
                    </code>
                    {refused(origin) && <span class="tag warn">{t("seen.refused")}</span>}
                    {refused(origin) && role === "owner" && (
                      <button class="btn" type="button" onClick={() => void allow(origin)}>
                        {say("seen.allow")}
                      </button>
                    )}
                  </div>
                </th>
                <td class="n quiet">{dates.ago(Date.parse(first_seen_at))}</td>
                <td class="n">{dates.ago(Date.parse(last_seen_at))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Failed>{failure && whyOf(failure)}</Failed>
    </>
  );
}
