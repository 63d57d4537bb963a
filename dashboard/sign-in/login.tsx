import { useEffect, useState } from "preact/hooks";
import type { SignedIn } from "../../shared/contract/members/sessions.ts";
import { useAct } from "../api/act.ts";
import { knowsPasskeys, signInByPasskey } from "../api/passkeys.ts";
import { post } from "../api/post.ts";
import { Icon } from "../frame/icons.tsx";
import { Mail, MailField } from "../shown/member.tsx";
import { Figure, say, t } from "../words.tsx";
import { isByAccess, signInByAccess } from "./access.ts";
import { Command, Failure, Gate } from "./gate.tsx";

interface LoginProps {
  enter: (signedIn: SignedIn) => void;
}

/**
 * Goes straight in where Cloudflare Access has shown who it is; where it has not, or somebody has just left, the other ways
 * are there.
 */
export function Login({ enter }: LoginProps) {
  const [isAsked, setAsked] = useState(!isByAccess || new URLSearchParams(location.search).has("ask"));
  useEffect(() => {
    if (!isAsked) void signInByAccess().then(enter, () => setAsked(true));
  }, [isAsked]);
  return isAsked ? <Ways enter={enter} /> : <Gate title={t("link")} />;
}

/** Signs in by a passkey, has a link mailed, or asks Cloudflare Access. */
function Ways({ enter }: LoginProps) {
  const passkey = useAct();
  const mail = useAct();
  const access = useAct();
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
        <MailField label={t("login.mail")} value={email} onChange={setEmail} />
        <Failure of={mail.failure} known={{ 409: t("login.no-mail"), 422: t("login.no-address") }} />
        <button class="btn big wide" type="submit">
          <Icon name="mail" />
          {t("login.send")}
        </button>
      </form>
      {isByAccess && (
        <div class="stack">
          <button
            class="btn plain big wide"
            type="button"
            onClick={() => access.run(async () => enter(await signInByAccess()))}
          >
            {t("login.access")}
          </button>
          <Failure of={access.failure} known={{ 401: t("login.no-access") }} />
        </div>
      )}
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
      lead={say("sent.lead", { email: <Mail>{email}</Mail> })}
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
          <span>
            {seconds > 0 ? say("sent.again.in", { time: <Figure>{time}</Figure> }) : t("sent.again")}
          </span>
        </button>
        <Failure of={again.failure} />
        <button class="btn plain big wide" type="button" onClick={back}>
          {t("sent.other")}
        </button>
      </div>
    </Gate>
  );
}
