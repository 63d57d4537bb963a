import { Icon } from "../../frame/icons.tsx";
import { Pick } from "../../shown/pick.tsx";
import { t, wordsIn } from "../../words.tsx";
import { type Named, ownDates } from "../panel.tsx";
import type { Shown } from "./address.ts";
import { actSaid } from "./days.tsx";

const dayMs = 86_400_000;

/** Beginnings to choose from: some days ago, at the same hour all day, so that the choice stays the same. */
const beginnings = (): string[] =>
  [7, 30, 90].map((days) =>
    new Date(Math.floor(Date.now() / dayMs) * dayMs - (days - 1) * dayMs).toISOString(),
  );

interface FiltersProps {
  shown: Shown;
  show: (changed: Partial<Shown>) => void;
  makers: readonly Named[];
  things: readonly Named[];
}

/** Only these entries. */
export function Filters({ shown: { by, what, thing, from }, show, makers, things }: FiltersProps) {
  const nameIn = (all: readonly Named[], id: string) => all.find((one) => one.id === id)?.name ?? id;
  const since = (instant: string) => {
    const at = Date.parse(instant);
    return Number.isNaN(at) ? instant : ownDates().longDay(at);
  };
  /** People know a thing by its name, the log by its id. */
  const idOf = (typed: string) =>
    things.find(({ name }) => name.toLowerCase() === typed.toLowerCase())?.id ?? typed;
  return (
    <fieldset class="row wrap" aria-label={t("audit.filters")}>
      <Pick
        label={t("audit.by")}
        value={by}
        shown={<bdi>{by ? nameIn(makers, by) : t("audit.anyone")}</bdi>}
        options={() => [["", t("audit.anyone")], ...makers.map(({ id, name }) => [id, name] as const)]}
        onChange={(one) => show({ by: one })}
      />
      <Pick
        label={t("audit.what")}
        value={what}
        shown={what ? actSaid(what) : t("audit.every")}
        options={() => [["", t("audit.every")], ...wordsIn("act").map((act) => [act, actSaid(act)] as const)]}
        onChange={(one) => show({ what: one })}
      />
      <Pick
        label={t("audit.since")}
        value={from}
        shown={<bdi>{from ? since(from) : t("audit.ever")}</bdi>}
        options={() => [["", t("audit.ever")], ...beginnings().map((one) => [one, since(one)] as const)]}
        onChange={(one) => show({ from: one })}
      />
      <label class="searchbox">
        <Icon name="find" />
        <span class="unseen">{t("audit.thing")}</span>
        <input
          class="in"
          type="search"
          autocomplete="off"
          placeholder={t("audit.thing")}
          value={thing && nameIn(things, thing)}
          // Where the browser says that it was meant: by enter, or when the field is left.
          onChange={({ currentTarget }) => show({ thing: idOf(currentTarget.value.trim()) })}
        />
      </label>
    </fieldset>
  );
}
