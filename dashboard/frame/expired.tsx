import { useState } from "preact/hooks";
import type { SignedIn } from "../../shared/contract/members/sessions.ts";
import { knowsPasskeys, signInByPasskey } from "../api/passkeys.ts";
import { expired, giveUp, goOn, tooOld } from "../api/session.ts";
import { page } from "../page.ts";
import { type Key, say, t } from "../words.tsx";
import { Failed } from "./asked.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";

/** What waits goes out again as the same member. Somebody else must not be shown what is on this screen. */
function goOnAs({ member }: SignedIn): void {
  if (member.id === page.member.id) goOn();
  else location.assign("/app");
}

/**
 * The session has ended, or is too old for what was asked. The view stays behind, with whatever was typed; one signs in here
 * or beside it, in another tab, and all that was asked for meanwhile goes out again. What a session is too old for, one
 * can also leave undone.
 */
export const Expired = () => (
  <>
    <Dialog class="ask" title={t("expired")} open={expired.value}>
      <SignInAgain lead="expired.lost" />
    </Dialog>
    <Dialog class="ask" title={t("too-old")} open={tooOld.value !== "no" && !expired.value} close={giveUp}>
      {/* The key: an answer may come before the dialog was ever drawn closed. */}
      <SignInAgain
        key={tooOld.value}
        lead="too-old.lead"
        was={tooOld.value === "still" ? t("too-old.still") : ""}
      />
    </Dialog>
  </>
);

function SignInAgain({ lead, was = "" }: { lead: Key; was?: string }) {
  const [why, setWhy] = useState(was);
  const byPasskey = () =>
    void signInByPasskey()
      .then(goOnAs)
      .catch(() => setWhy(t("expired.refused")));
  /** Asked without waiting for a session: this is the question whether there is one. */
  const again = async () => {
    const answer = await fetch("/v1/session").catch(() => null);
    if (answer?.ok) goOnAs(await answer.json());
    else setWhy(t("expired.still"));
  };
  return (
    <>
      <p class="quiet">{t(lead)}</p>
      {knowsPasskeys() && (
        <button class="btn main big wide" type="button" autofocus onClick={byPasskey}>
          <Icon name="passkey" />
          {t("expired.passkey")}
        </button>
      )}
      <Failed>{why}</Failed>
      <div class="row wrap">
        <a class="btn" href="/app/login?ask" target="_blank" rel="noopener">
          {t("expired.sign-in")}
        </a>
        <button class="btn" type="button" onClick={() => void again()}>
          {t("expired.go-on")}
        </button>
        <a class="btn plain" href="/app/login?ask">
          <span>{say("expired.not", { name: page.member.name })}</span>
        </a>
      </div>
    </>
  );
}
