import { useEffect } from "preact/hooks";
import type { Sightings } from "../../shared/contract/sightings.ts";
import { type Asked, ask, useAsked } from "../api/ask.ts";
import { datesIn } from "../figures/model/dates.ts";
import { page } from "../page.ts";
import { locale, say, t } from "../words.tsx";
import { mailToDeveloper } from "./snippet.tsx";

/** While somebody pastes the snippet a page may have it at any moment; who left it open is not in a hurry. */
const soonMs = 3_000;
const laterMs = 30_000;
const hurryMs = 600_000;

/** On which origins pages asked for a touchpoint. Until one did it is asked for again and again, while the page is visible. */
export function useSeen(touchpoint: string | null): Asked<Sightings> {
  const path = touchpoint === null ? null : `/v1/touchpoints/${touchpoint}/seen`;
  const seen = useAsked<Sightings>(path);
  const isSeen = (seen.data?.data.length ?? 0) > 0;
  useEffect(() => {
    if (isSeen || path === null) return;
    const abort = new AbortController();
    const since = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(look, Date.now() - since < hurryMs ? soonMs : laterMs);
    };
    const look = async () => {
      if (!document.hidden) await ask(path, abort.signal);
      if (!abort.signal.aborted) wait();
    };
    wait();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, isSeen]);
  return seen;
}

/** How an instant of a sighting is written. */
export const seenDates = () => datesIn(locale(), page.workspace.timeZone, Date.now());

interface SeenLineProps {
  touchpoint: string;
  of: Asked<Sightings>;
}

/** Whether the snippet has arrived, and where it was seen last. */
export const SeenLine = ({ touchpoint, of: { data } }: SeenLineProps) => {
  const newest = data?.data.toSorted((one, other) => (one.last_seen_at < other.last_seen_at ? 1 : -1))[0];
  const mail = mailToDeveloper(touchpoint);
  return (
    <div class="row wrap between">
      <p class="seenline" role="status">
        <span class={newest ? "dot good" : "dot waits"} />
        {newest ? (
          <span>
            <b>{t("seen")}</b>{" "}
            <span class="quiet">
              {say("seen.on", {
                origin: newest.origin,
                when: <bdi>{seenDates().ago(Date.parse(newest.last_seen_at))}</bdi>,
              })}
            </span>
          </span>
        ) : (
          <span>
            {t("seen.waiting")} <span class="quiet">{t("seen.not-yet")}</span>
          </span>
        )}
      </p>
      {mail && !newest && <a href={mail}>{t("snippet.mail")}</a>}
    </div>
  );
};
