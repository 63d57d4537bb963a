import { expired, goOn } from "../api/session.ts";
import { t } from "../words.tsx";
import { Dialog } from "./dialog.tsx";

/**
 * The session has ended. The view stays behind, with whatever was typed; one signs in beside it, in another tab, and all
 * that was asked for meanwhile goes out again.
 */
export const Expired = () => (
  <Dialog class="ask" title={t("expired")} open={expired.value}>
    <p>{t("expired.lost")}</p>
    <div class="row wrap">
      <a class="btn main" href="/app/login" target="_blank" rel="noopener">
        {t("expired.sign-in")}
      </a>
      <button class="btn" type="button" onClick={goOn}>
        {t("expired.go-on")}
      </button>
    </div>
  </Dialog>
);
