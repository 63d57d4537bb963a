import type { ComponentChildren } from "preact";
import type { ActName, AuditEntry } from "../../../shared/contract/audit.ts";
import type { Dates } from "../../figures/model/dates.ts";
import { Icon } from "../../frame/icons.tsx";
import { Avatar } from "../../frame/nav.tsx";
import { say, t, word, wordsIn } from "../../words.tsx";
import { type Named, None, ownDates } from "../panel.tsx";

/** An act without who did it to what, to choose it by. */
export const actSaid = (what: string): string =>
  t(`act.${what as ActName}`, { who: t("audit.somebody"), thing: "…" });

interface DaysProps {
  of: readonly AuditEntry[];
  /** What has a name beside its id. */
  things: readonly Named[];
  /** The address of all entries about a thing. */
  about: (thing: string) => string;
}

/** Entries under the days on which they were written, the newest first. */
export const Days = ({ of: entries, things, about }: DaysProps) => {
  const dates = ownDates();
  const dayOf = ({ at }: AuditEntry) => dates.step({ from: at, to: at }, "day");
  const days = Map.groupBy(entries, dayOf);
  // Whoever was removed acted before.
  const known = new Map(
    [...entries.map(({ by }) => by), ...things].flatMap(({ id, name }) => (name ? [[id, name]] : [])),
  );
  const written: Written = { dates, nameOf: (id) => known.get(id) ?? id };
  return [...days].map(([day, ofDay]) => (
    <section key={day} class="day">
      <h3>
        <bdi>{day}</bdi>
      </h3>
      <ol class="log">
        {ofDay.map((entry) => (
          <Entry key={entry.id} of={entry} {...written} about={about(entry.thing)} />
        ))}
      </ol>
    </section>
  ));
};

/** How what is written down is read. */
interface Written {
  dates: Dates;
  /** Of something that has one; the id of anything else. */
  nameOf: (id: string) => string;
}

interface EntryProps extends Written {
  of: AuditEntry;
  about: string;
}

const Entry = ({ of: { at, by, what, thing, changes, request_id }, about, ...written }: EntryProps) => {
  const isKey = by.id.startsWith("key_");
  const name = by.name ?? (isKey ? by.id : t("audit.gone"));
  const said = {
    who: <b>{isKey ? say("audit.by-key", { name }) : <bdi>{name}</bdi>}</b>,
    thing: (
      <span class="thing">
        <bdi>{written.nameOf(thing)}</bdi>
      </span>
    ),
  };
  const [first] = changes;
  return (
    <li>
      <details>
        <summary>
          <time dateTime={at}>
            <bdi>{written.dates.time(Date.parse(at))}</bdi>
          </time>
          {isKey ? (
            <span class="avatar key">
              <Icon name="passkey" />
            </span>
          ) : (
            <Avatar name={name} />
          )}
          <span>
            {wordsIn("act").includes(what) ? (
              say(`act.${what as ActName}`, said)
            ) : (
              // Written by a newer worker than this page is of.
              <>
                {said.who} <code>{what}</code> {said.thing}
              </>
            )}
          </span>
          <span class="gist">
            {first && changes.length === 1 ? (
              <Became of={first} {...written} />
            ) : (
              changes.length > 1 && say("audit.fields", { n: changes.length })
            )}
          </span>
          <Icon name="open" />
        </summary>
        <div class="detail">
          {changes.length > 0 && (
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("audit.field")}</th>
                  <th scope="col">{t("audit.before")}</th>
                  <th scope="col">{t("audit.after")}</th>
                </tr>
              </thead>
              <tbody>
                {changes.map(({ field, before, after }) => (
                  <tr key={field}>
                    <th scope="row">
                      <bdi>{field.replaceAll("_", " ")}</bdi>
                    </th>
                    <td>{before === null ? <None /> : <del>{shownAs(field, before, written)}</del>}</td>
                    <td>{after === null ? <None /> : <ins>{shownAs(field, after, written)}</ins>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <p class="note">
            {say("audit.ids", { thing: <code>{thing}</code>, request: <code>{request_id}</code> })}{" "}
            <a href={about}>{t("audit.about")}</a>
          </p>
        </div>
      </details>
    </li>
  );
};

type Change = AuditEntry["changes"][number];

/** In one line, where there is only one change: the last value, and the one before where there was one. */
const Became = ({ of: { field, before, after }, ...written }: Written & { of: Change }) => (
  <span class="clip">
    {before !== null && (
      <>
        {shownAs(field, before, written)}{" "}
        <span class="flip" aria-hidden="true">
          →
        </span>{" "}
        <span class="unseen"> {t("audit.became")} </span>
      </>
    )}
    {after === null ? <None /> : shownAs(field, after, written)}
  </span>
);

/** A value as people read it: columns whose names end in _at are unix milliseconds. */
function shownAs(field: string, value: string | number, { dates, nameOf }: Written): ComponentChildren {
  if (field === "role") return word("role", String(value));
  if (field.endsWith("_at") && typeof value === "number")
    return <bdi>{`${dates.longDay(value)}, ${dates.time(value)}`}</bdi>;
  return <bdi>{nameOf(String(value))}</bdi>;
}
