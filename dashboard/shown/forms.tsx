import { page } from "../page.ts";
import { t, word } from "../words.tsx";
import type { Shown } from "./address.ts";
import { withFilter } from "./address.ts";
import { Drop } from "./pick.tsx";

/** A local date some days later: 2026-10-31 is 2026-11-01 after one. */
const later = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const written = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

interface RangeFormProps {
  shown: Shown;
  /** The last day is exclusive, as the API has it. */
  done: (from: string, to: string) => void;
}

/** Two days, both included: so people say it. */
export const RangeForm = ({ shown, done }: RangeFormProps) => (
  <form
    class="form"
    onSubmit={(event) => {
      event.preventDefault();
      const form = new FormData(event.currentTarget);
      const [one, other] = [written(form, "from"), written(form, "to")].sort();
      if (one && other) done(one, later(other, 1));
    }}
  >
    <label class="field">
      {t("range.from")}
      <input class="in" type="date" name="from" required value={shown.from?.slice(0, 10)} />
    </label>
    <label class="field">
      {t("range.to")}
      <input
        class="in"
        type="date"
        name="to"
        required
        value={shown.to ? later(shown.to.slice(0, 10), -1) : undefined}
      />
    </label>
    <button class="btn main" type="submit">
      {t("range.show")}
    </button>
  </form>
);

const channels = ["widget", "link", "email", "api", "import"] as const;

interface FilterFormProps {
  shown: Shown;
  done: (filters: Shown["filters"]) => void;
}

/** Only these answers, and by what: the API's filters that need no list to choose from. */
export const FilterForm = ({ shown, done }: FilterFormProps) => {
  const given = new Map(shown.filters);
  const [property] = shown.filters.filter(([name]) => name.startsWith("property["));
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const listOf = (name: string) =>
          written(form, name)
            .split(",")
            .map((value) => value.trim())
            .filter(Boolean);
        const name = written(form, "name");
        const others = { ...shown, filters: shown.filters.filter((one) => one !== property) };
        const filtered = [
          ["channel", form.getAll("channel").map(String)] as const,
          ["survey", listOf("survey")] as const,
          ["locale", listOf("locale")] as const,
        ].reduce<Shown>((before, [one, values]) => withFilter(before, one, values), others);
        done((name ? withFilter(filtered, `property[${name}]`, listOf("value")) : filtered).filters);
      }}
    >
      <fieldset class="checks">
        <legend>{t("dimension.channel")}</legend>
        {channels.map((channel) => (
          <label key={channel} class="check">
            <input
              type="checkbox"
              name="channel"
              value={channel}
              checked={given.get("channel")?.split(",").includes(channel)}
            />
            {word("channel", channel)}
          </label>
        ))}
      </fieldset>
      {page.surveys && (
        <label class="field">
          {t("dimension.survey")}
          <Drop name="survey" value={given.get("survey") ?? ""}>
            <option value="">{t("filter.any")}</option>
            {page.surveys.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Drop>
        </label>
      )}
      <label class="field">
        {t("dimension.locale")}
        <input class="in" name="locale" placeholder="de, en" value={given.get("locale")} />
      </label>
      <div class="two">
        <label class="field">
          {t("filter.property")}
          <input class="in" name="name" value={property?.[0].slice(9, -1)} />
        </label>
        <label class="field">
          {t("filter.value")}
          <input class="in" name="value" value={property?.[1]} />
        </label>
      </div>
      <button class="btn main" type="submit">
        {t("filter.apply")}
      </button>
    </form>
  );
};
