import { useState } from "preact/hooks";
import type { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";
import { foretell } from "../api/ask.ts";
import { refusalIn, send } from "../api/change.ts";
import { whyOf } from "../frame/asked.tsx";
import { toast } from "../frame/toasts.tsx";
import { page } from "../page.ts";
import { Seg } from "../shown/pick.tsx";
import { Code } from "../snippet/snippet.tsx";
import { say, t } from "../words.tsx";
import type { SettingsProps } from "./asking.tsx";

const periods = ["30d", "90d", "this_year"] as const;
const periodName = (period: (typeof periods)[number]) =>
  period === "this_year" ? t("period.year") : say("period.days", { n: Number.parseInt(period, 10) });

/** Whether everybody may see the score, and what they see. */
export function Public({ of, path }: SettingsProps) {
  const { public_score: setting, id } = of;
  /** What was chosen and is on its way: the controls stand as they were put. undefined: nothing is. */
  const [chosen, choose] = useState<typeof setting | undefined>(undefined);
  const isShown = (chosen === undefined ? setting : chosen) !== null;
  /** Its picture is not shown before the server knows it: it is asked for at once, and would not be there. */
  const save = async (public_score: typeof setting): Promise<void> => {
    choose(public_score);
    try {
      await send({ method: "PATCH", path, body: { public_score } });
      foretell<Touchpoint>(path, (touchpoint) => ({ ...touchpoint, public_score }));
      toast(t("changed"), () => save(setting));
    } catch (error) {
      toast(whyOf(refusalIn(error)));
    }
    choose(undefined);
  };
  const address = `${location.origin}/v1/public/${id}`;
  const badge = `<a href="${address}/figure"><img src="${address}/badge.svg" alt="${t("public.alt")}"></a>`;
  return (
    <section class="section" id="public" aria-labelledby="public-title">
      <header>
        <h2 id="public-title">{t("public")}</h2>
        <label class="switch">
          <span>{t("public.shown")}</span>
          <input
            type="checkbox"
            role="switch"
            disabled={page.role === "analyst"}
            checked={isShown}
            aria-checked={isShown}
            onChange={({ currentTarget }) =>
              void save(currentTarget.checked ? { period: "90d", threshold: 10 } : null)
            }
          />
        </label>
      </header>
      <div class="stack top pad">
        {setting === null ? (
          <p class="note">{t("public.none")}</p>
        ) : (
          <>
            <Seg
              label={t("period")}
              value={(chosen ?? setting).period}
              onChange={(period) => void save({ ...setting, period })}
              options={periods.map((period) => [period, periodName(period)])}
            />
            <p class="badges">
              {(["light", "dark"] as const).map((theme) => (
                <img
                  key={theme}
                  src={`/v1/public/${id}/badge.svg?theme=${theme}`}
                  alt={t(`public.badge.${theme}`)}
                  height={48}
                />
              ))}
            </p>
            <p class="note">{say("public.note", { n: setting.threshold })}</p>
            <Code text={badge} />
            <p class="note">
              <a href={`${address}/figure`} target="_blank" rel="noopener">
                {t("public.page")}
              </a>
            </p>
          </>
        )}
      </div>
    </section>
  );
}
