import { useRef, useState } from "preact/hooks";
import type { Passkey } from "../../../shared/contract/members/passkeys.ts";
import { useAct } from "../../api/act.ts";
import { ask, foretell } from "../../api/ask.ts";
import { refusalIn, send, sendFor } from "../../api/change.ts";
import { addPasskey, knowsPasskeys } from "../../api/passkeys.ts";
import { Refused } from "../../api/refused.ts";
import type { Dates } from "../../figures/model/dates.ts";
import { Failed, whyOf } from "../../frame/asked.tsx";
import { Icon } from "../../frame/icons.tsx";
import { toast } from "../../frame/toasts.tsx";
import { say, t } from "../../words.tsx";
import { ConfirmButton } from "../confirm.tsx";
import { focusOn, type List, ownDates } from "../panel.tsx";
import { Rename } from "./rename.tsx";

const path = "/v1/passkeys";
/** Of one member; the API refuses more. */
const most = 20;

async function remove(id: string): Promise<void> {
  foretell<List<Passkey>>(path, ({ data }) => ({ data: data.filter((one) => one.id !== id) }));
  focusOn("passkeys");
  await send({ method: "DELETE", path: `${path}/${encodeURIComponent(id)}` }).then(
    () => toast(t("passkeys.removed")),
    (error: unknown) => toast(whyOf(refusalIn(error))),
  );
  await ask(path);
}

interface PasskeysProps {
  of: readonly Passkey[];
  /** Whether a link can be mailed to the member. */
  hasAddress: boolean;
}

/** The passkeys that sign in. */
export const Passkeys = ({ of: passkeys, hasAddress }: PasskeysProps) => {
  const dates = ownDates();
  if (passkeys.length === 0) return <p class="nothing note">{t("passkeys.none")}</p>;
  return (
    <ul class="plainlist">
      {passkeys.map((passkey) => (
        <Row key={passkey.id} of={passkey} dates={dates} isOnlyWay={passkeys.length === 1 && !hasAddress} />
      ))}
    </ul>
  );
};

interface RowProps {
  of: Passkey;
  dates: Dates;
  /** Whether its member could not sign in by themselves without it. */
  isOnlyWay: boolean;
}

function Row({ of: passkey, dates, isOnlyWay }: RowProps) {
  const { id, name, created_at, last_used_at } = passkey;
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const day = (instant: string) => <bdi>{dates.longDay(Date.parse(instant))}</bdi>;
  return (
    <li>
      <span class="lead">
        <Icon name="passkey" />
        <span>
          <b>
            <bdi>{name}</bdi>
          </b>
          <br />
          <span class="note">
            {last_used_at
              ? say("passkeys.used", { date: day(created_at), last: day(last_used_at) })
              : say("passkeys.unused", { date: day(created_at) })}
          </span>
        </span>
      </span>
      <div class="row wrap">
        <button
          class="btn plain"
          type="button"
          ref={opener}
          aria-label={t("passkeys.rename.which", { name })}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t("passkeys.rename")}
        </button>
        <ConfirmButton
          name={t("passkeys.remove")}
          label={t("passkeys.remove.which", { name })}
          title={t("passkeys.remove.which", { name })}
          run={() => remove(id)}
        >
          <p>{t("passkeys.remove.why")}</p>
          {isOnlyWay && <p class="wrong">{t("passkeys.remove.last")}</p>}
        </ConfirmButton>
      </div>
      {isOpen && (
        <Rename
          of={passkey}
          close={() => {
            opener.current?.focus();
            setOpen(false);
          }}
        />
      )}
    </li>
  );
}

/** Not refused: the browser's own error. Somebody has closed its dialog, or has one for this account already. */
const whyNot = (failure: unknown): string =>
  failure instanceof Refused ? whyOf(failure) : t("passkeys.not-made");

/** Adds one. A session that is too old for it is renewed on the way. */
export function AddPasskey({ count }: { count: number }) {
  const [name, setName] = useState("");
  const adding = useAct();
  const reason = !knowsPasskeys() ? t("passkeys.unknown") : count >= most ? t("passkeys.most") : "";
  const add = async () => {
    const made = await addPasskey(name.trim() || undefined, (to, body) =>
      sendFor({ method: "POST", path: to, body }),
    );
    setName("");
    toast(t("passkeys.added", { name: made.name }), () => remove(made.id));
    await ask(path);
  };
  return (
    <form
      class="stack under narrow"
      onSubmit={(event) => {
        event.preventDefault();
        adding.run(add);
      }}
    >
      <div class="line">
        <label class="field grow">
          {t("passkeys.name")}
          <input
            class="in"
            name="passkey"
            maxLength={64}
            autocomplete="off"
            placeholder={t("passkeys.name.usual")}
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <button
          class="btn"
          type="submit"
          disabled={reason !== ""}
          aria-describedby={reason ? "no-passkey" : undefined}
        >
          <Icon name="plus" />
          {t("passkeys.add")}
        </button>
      </div>
      {reason && (
        <p class="note" id="no-passkey">
          {reason}
        </p>
      )}
      <Failed>{adding.failure !== null && whyNot(adding.failure)}</Failed>
    </form>
  );
}
