import { useState } from "preact/hooks";
import type { Decision } from "../../shared/contract/decision.ts";
import { refusalIn, sendFor } from "../api/change.ts";
import { whyOf } from "../frame/asked.tsx";
import { t } from "../words.tsx";

/** Whether somebody would be asked now, and why not. Nobody is asked by it. */
export function TryOne({ path }: { path: string }) {
  const [respondent, setRespondent] = useState("");
  const [said, setSaid] = useState<Decision | string | null>(null);
  const decide = async () => {
    const order = { method: "POST", path: `${path}/decision`, body: { respondent } } as const;
    setSaid(await sendFor<Decision>(order).catch((error: unknown) => whyOf(refusalIn(error))));
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void decide();
      }}
    >
      <label class="field">
        {t("asking.try")}
        <span class="row">
          <input
            class="in"
            required
            maxLength={200}
            autocomplete="off"
            placeholder={t("asking.try.id")}
            value={respondent}
            onInput={({ currentTarget }) => setRespondent(currentTarget.value)}
          />
          <button class="btn" type="submit">
            {t("asking.try.go")}
          </button>
        </span>
      </label>
      <p class="note" role="status">
        {typeof said === "string" ? (
          <span class="wrong">{said}</span>
        ) : (
          said && (
            <>
              <b>{t(said.asked ? "yes" : "no")}.</b> {said.explanation}{" "}
            </>
          )
        )}
        {t("asking.try.nothing")}
      </p>
    </form>
  );
}
