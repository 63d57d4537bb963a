import { useEffect, useState } from "preact/hooks";
import type { SignedIn } from "../../../shared/contract/members/sessions.ts";
import { useAct } from "../../api/act.ts";
import { ask } from "../../api/ask.ts";
import { refusalIn, send } from "../../api/change.ts";
import type { Refused } from "../../api/refused.ts";
import { Failed, whyOf } from "../../frame/asked.tsx";
import { Mail, MailField } from "../../shown/member.tsx";
import { say, t } from "../../words.tsx";

function whyNot(refusal: Refused): string {
  if (refusal.status === 409) return t("mail.none-sent");
  if (refusal.status === 429) return t("mail.too-many");
  return refusal.status === 422 ? t("mail.no-address") : whyOf(refusal);
}

/** The address to which a link to sign in can go. A new one counts once the mail to it was opened in this browser. */
export function Address({ of: { member } }: { of: SignedIn }) {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState("");
  const proving = useAct();
  const isWaiting = sent !== "" && sent !== member.email;
  useEffect(() => {
    if (!isWaiting) return;
    // The link is opened in another tab. Whoever comes back from it sees what it did.
    const back = () => void (document.hidden || ask("/v1/session"));
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, [isWaiting]);
  const prove = async () => {
    await send({ method: "POST", path: "/v1/session/email", body: { email } });
    setSent(email);
    setEmail("");
  };
  return (
    <form
      class="stack top under narrow"
      onSubmit={(event) => {
        event.preventDefault();
        proving.run(prove);
      }}
    >
      <p>{member.email ? say("mail.is", { email: <Mail>{member.email}</Mail> }) : t("mail.unknown")}</p>
      <div class="line">
        <MailField
          label={t(member.email ? "mail.other" : "mail.address")}
          value={email}
          onChange={setEmail}
          class="field grow"
        />
        <button class="btn" type="submit">
          {t("mail.prove")}
        </button>
      </div>
      <p role="status">{isWaiting && say("mail.sent", { email: <Mail>{sent}</Mail> })}</p>
      <Failed>{proving.failure !== null && whyNot(refusalIn(proving.failure))}</Failed>
    </form>
  );
}
