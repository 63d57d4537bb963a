import { at } from "../page.ts";
import { t } from "../words.tsx";

/** What there is of a touchpoint: its score, and the parts of this view. */
export const Tabs = ({ touchpoint }: { touchpoint: string }) => (
  <div class="scroll">
    <nav class="seg" aria-label={t("tabs")}>
      <a href={at(`/touchpoints/${touchpoint}`)}>{t("score")}</a>
      <a href="#install" aria-current="page">
        {t("install")}
      </a>
      <a href="#asking">{t("asking")}</a>
      <a href="#public">{t("public")}</a>
    </nav>
  </div>
);
