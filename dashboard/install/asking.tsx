import { useState } from "preact/hooks";
import type { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";
import { page } from "../page.ts";
import { Pick } from "../shown/pick.tsx";
import { t } from "../words.tsx";
import { askingSaid, rulesSaid } from "./asking-words.tsx";
import { set } from "./settings.ts";
import { TryOne } from "./try-one.tsx";

export interface SettingsProps {
  of: Touchpoint;
  /** Its address in the API. */
  path: string;
}

const ways = ["popover", "bar", "modal", "sheet", "tab"] as const;

/** Who is asked, when and how, in words; and what of it is changed most. */
export const Asking = ({ of, path }: SettingsProps) => {
  const rules = rulesSaid(of);
  const mayWrite = page.role !== "analyst";
  const way = of.show?.as ?? "popover";
  return (
    <section class="section" id="asking" aria-labelledby="asking-title">
      <header>
        <h2 id="asking-title">{t("asking")}</h2>
      </header>
      <div class="stack top pad">
        {of.survey === null ? (
          <p class="digest">{t("asking.nothing")}</p>
        ) : (
          <>
            <p class="digest">{askingSaid(of)}</p>
            {rules.length > 0 && (
              <ul class="rules">
                {rules.map((rule, index) => (
                  <li key={index}>{rule}</li>
                ))}
              </ul>
            )}
          </>
        )}
        <fieldset class="row wrap settings" disabled={!mayWrite} aria-label={t("asking.settings")}>
          <Pick
            label={t("asking.appears.as")}
            value={way}
            shown={t(`asking.way.${way}`)}
            options={() => ways.map((one) => [one, t(`asking.way.${one}`)])}
            onChange={(as) => {
              const chosen = ways.find((one) => one === as);
              // A tab stands at an edge, everything else at a corner.
              const place = (chosen === "tab") === (way === "tab") ? of.show?.at : undefined;
              if (chosen) set(path, of, { show: { as: chosen, ...(place && { at: place }) } });
            }}
          />
          <Amount
            label={t("asking.delay")}
            value={of.delay_seconds}
            most={3600}
            change={(delay_seconds) => set(path, of, { delay_seconds })}
          />
          <Amount
            label={t("asking.peace")}
            value={of.wait_days}
            most={365}
            change={(wait_days) => set(path, of, { wait_days })}
          />
        </fieldset>
        {!mayWrite && <p class="note">{t("changed.forbidden")}</p>}
        {of.survey !== null && <TryOne path={path} />}
      </div>
    </section>
  );
};

interface AmountProps {
  label: string;
  value: number;
  most: number;
  change: (value: number) => void;
}

/** A whole number, taken when one leaves the field. What is being typed stays, whatever else is drawn anew meanwhile. */
const Amount = ({ label, value, most, change }: AmountProps) => {
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  return (
    <label class="amount">
      <span>{label}</span>
      <input
        class="in"
        type="number"
        min={0}
        max={most}
        step={1}
        required
        value={typed ?? value}
        aria-invalid={wrong}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => {
          const isValid = currentTarget.checkValidity();
          setWrong(!isValid);
          if (!isValid) return;
          setTyped(null);
          if (currentTarget.valueAsNumber !== value) change(currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
};
