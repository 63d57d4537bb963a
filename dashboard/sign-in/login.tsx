import { useEffect, useState } from "preact/hooks";
import type { SignedIn } from "../../shared/contract/members/sessions.ts";
import { knowsPasskeys, signInByPasskey } from "../api/passkeys.ts";
import { post } from "../api/post.ts";
import { Icon } from "../frame/icons.tsx";
import { Figure, say, t } from "../words.tsx";
import { Command, Failure, Gate, useAct } from "./gate.tsx";

/** Signs in by a passkey, or has a link mailed. */
export function Login({ enter }: { enter: (signedIn: SignedIn) => void }) {
  const passkey = useAct();
  const mail = useAct();
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const send = async () => {
    await post("/v1/login-links", { email });
    setSent(true);
  };
  if (isSent) return <Sent email={email} send={send} back={() => setSent(false)} />;
  return (
    <Gate
      title={t("login")}
      lead={say("login.to", { host: location.host })}
      aside={say("login.neither", { command: <Command>npm run login-link</Command> })}
    >
      {knowsPasskeys() && (
        <>
          <button
            class="btn main big wide"
            type="button"
            onClick={() => passkey.run(async () => enter(await signInByPasskey()))}
          >
            <Icon name="passkey" />
            {t("login.passkey")}
          </button>
          <Failure of={passkey.failure} known={{ 422: t("passkey.unknown") }} />
          <p class="or">
            <span>{t("login.or")}</span>
          </p>
        </>
      )}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          mail.run(send);
        }}
      >
        <label class="field">
          {t("login.mail")}
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
        <Failure of={mail.failure} known={{ 409: t("login.no-mail"), 422: t("login.no-address") }} />
        <button class="btn big wide" type="submit">
          <Icon name="mail" />
          {t("login.send")}
        </button>
      </form>
    </Gate>
  );
}

/** Mails are slow, and one address gets few of them. */
const againSeconds = 60;

/** Reads the same whether the address is a member's or not. */
function Sent({ email, send, back }: { email: string; send: () => Promise<void>; back: () => void }) {
  const again = useAct();
  const [seconds, setSeconds] = useState(againSeconds);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  const sendAgain = async () => {
    await send();
    setSeconds(againSeconds);
  };
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <Gate
      title={t("sent")}
      lead={say("sent.lead", { email: <Address>{email}</Address> })}
      aside={t("sent.nothing")}
    >
      <p class="match">{t("sent.where")}</p>
      <div class="stack">
        <button
          class="btn big wide"
          type="button"
          disabled={seconds > 0}
          onClick={() => again.run(sendAgain)}
        >
          {seconds > 0 ? say("sent.again.in", { time: <Figure>{time}</Figure> }) : t("sent.again")}
        </button>
        <Failure of={again.failure} />
        <button class="btn plain big wide" type="button" onClick={back}>
          {t("sent.other")}
        </button>
      </div>
    </Gate>
  );
}

/** A mail address in a sentence. */
export const Address = ({ children }: { children: string }) => (
  <b>
    <bdi dir="ltr">{children}</bdi>
  </b>
);
