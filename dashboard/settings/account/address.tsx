import { useEffect, useState } from "preact/hooks";
import type { SignedIn } from "../../../shared/contract/members/sessions.ts";
import { ask } from "../../api/ask.ts";
import { refusalIn, send } from "../../api/change.ts";
import type { Refused } from "../../api/refused.ts";
import { whyOf } from "../../frame/asked.tsx";
import { say, t } from "../../words.tsx";

function whyNot(refusal: Refused): string {
  if (refusal.status === 409) return t("mail.none-sent");
  if (refusal.status === 429) return t("mail.too-many");
  return refusal.status === 422 ? t("mail.no-address") : whyOf(refusal);
}

const Mail = ({ children }: { children: string }) => (
  <b>
    <bdi dir="ltr">{children}</bdi>
  </b>
);

/** The address to which a link to sign in can go. A new one counts once the mail to it was opened in this browser. */
export function Address({ of: { member } }: { of: SignedIn }) {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState("");
  const [why, setWhy] = useState("");
  const isWaiting = sent !== "" && sent !== member.email;
  useEffect(() => {
    if (!isWaiting) return;
    // The link is opened in another tab. Whoever comes back from it sees what it did.
    const back = () => void (document.hidden || ask("/v1/session"));
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, [isWaiting]);
  const prove = async () => {
    setWhy("");
    try {
      await send({ method: "POST", path: "/v1/session/email", body: { email } });
      setSent(email);
      setEmail("");
    } catch (error) {
      setWhy(whyNot(refusalIn(error)));
    }
  };
  return (
    <form
      class="stack top under narrow"
      onSubmit={(event) => {
        event.preventDefault();
        void prove();
      }}
    >
      <p>{member.email ? say("mail.is", { email: <Mail>{member.email}</Mail> }) : t("mail.unknown")}</p>
      <div class="line">
        <label class="field grow">
          {t(member.email ? "mail.other" : "mail.address")}
          <input
            class="in"
            type="email"
            name="email"
            autocomplete="email"
            required
            maxLength={254}
            dir="ltr"
            value={email}
            onInput={({ currentTarget }) => setEmail(currentTarget.value)}
          />
        </label>
        <button class="btn" type="submit">
          {t("mail.prove")}
        </button>
      </div>
      <p role="status">{isWaiting && say("mail.sent", { email: <Mail>{sent}</Mail> })}</p>
      {why && (
        <p class="wrong" role="alert">
          {why}
        </p>
      )}
    </form>
  );
}
