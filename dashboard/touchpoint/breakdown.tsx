import type { Scores, TouchpointScore } from "../../shared/contract/scores.ts";
import type { Asked as Known } from "../api/ask.ts";
import { Forest } from "../figures/forest.tsx";
import type { Group } from "../figures/model/answers.ts";
import { wholeScale } from "../figures/model/scale.ts";
import { Asked } from "../frame/asked.tsx";
import { Pop, Seg } from "../shown/pick.tsx";
import { t, word } from "../words.tsx";

interface BreakdownProps {
  of: Known<Scores>;
  whole: TouchpointScore | undefined;
  by: string;
  setBy: (by: string) => void;
  again: () => void;
}

/** plan of property:plan; the API's own dimensions have names of ours. */
const dimensionName = (by: string) => (by.startsWith("property:") ? by.slice(9) : word("dimension", by));

/** Each group against the whole. */
export const Breakdown = ({ of, whole, by, setBy, again }: BreakdownProps) => {
  const dimensions = ["channel", "locale", ...(by.startsWith("property:") ? [by] : [])];
  const scale = whole && wholeScale(whole);
  return (
    <section class="section" aria-labelledby="breakdown">
      <header>
        <h2 id="breakdown">{t("breakdown")}</h2>
        <Seg
          label={t("breakdown.by")}
          value={by}
          onChange={setBy}
          options={dimensions.map((one) => [one, dimensionName(one)])}
        >
          <Pop label={t("filter.property")} icon="plus">
            {(close) => (
              <form
                class="form"
                onSubmit={(event) => {
                  event.preventDefault();
                  const name = String(new FormData(event.currentTarget).get("name")).trim();
                  close();
                  if (name) setBy(`property:${name}`);
                }}
              >
                <label class="field">
                  {t("filter.property")}
                  <input
                    class="in"
                    name="name"
                    required
                    pattern="[A-Za-z][A-Za-z0-9_.\-]*"
                    placeholder="plan"
                  />
                </label>
                <button class="btn main" type="submit">
                  {t("range.show")}
                </button>
              </form>
            )}
          </Pop>
        </Seg>
      </header>
      <Asked of={of} failed={t("failed.breakdown")} again={again} bones={<span class="bone block" />}>
        {({ data }) =>
          whole?.unit && scale && data.length > 0 ? (
            <Forest
              dimension={dimensionName(by)}
              nameOf={({ group }: Group) => valueName(by, group[by] ?? "")}
              groups={data.filter(({ n }) => n > 0)}
              whole={whole}
              unit={whole.unit}
              scale={scale}
            />
          ) : (
            <p class="nothing note">{t("cell.none")}</p>
          )
        }
      </Asked>
    </section>
  );
};

const valueName = (by: string, value: string): string => {
  if (value === "(none)") return t("value.none");
  if (value === "(other)") return t("value.other");
  return by === "channel" ? word("channel", value) : value;
};
