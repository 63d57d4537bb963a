import { useEffect, useRef, useState } from "preact/hooks";
import type { NewMemberInvitation, Role } from "../../../shared/contract/members/members.ts";
import { useAct } from "../../api/act.ts";
import { ask } from "../../api/ask.ts";
import { refusalIn, send, sendFor } from "../../api/change.ts";
import type { Refused } from "../../api/refused.ts";
import { CopyButton, Failed, whyOf } from "../../frame/asked.tsx";
import { toast } from "../../frame/toasts.tsx";
import { MailField } from "../../shown/member.tsx";
import { Drop, Seg } from "../../shown/pick.tsx";
import { say, t } from "../../words.tsx";
import { ownDates } from "../panel.tsx";
import { invitationsPath } from "./changes.ts";

/** From the least to the most, as the API has them. */
const roles: readonly Role[] = ["analyst", "editor", "owner"];

export const RoleOptions = () =>
  roles.map((role) => (
    <option key={role} value={role}>
      {t(`role.${role}`)}
    </option>
  ));

export function whyNot(refusal: Refused): string {
  if (refusal.status === 422) return t("invite.no-address");
  return refusal.status === 409 ? t("invite.too-many") : whyOf(refusal);
}

/** Takes an invitation back that was made just now. */
const takeBack = (id: string) =>
  send({ method: "DELETE", path: `${invitationsPath}/${id}` })
    .then(() => ask(invitationsPath))
    .catch((error: unknown) => toast(whyOf(refusalIn(error))));

interface InviteProps {
  disabled: boolean;
  /** Id of the text that says why it is. */
  why: string;
  /** Whose link is shown, here or renewed in the list below; null: nobody's. */
  made: NewMemberInvitation | null;
  show: (made: NewMemberInvitation | null) => void;
}

/** Invites somebody by mail, or makes a link to hand over. */
export function Invite({ disabled, why: reason, made, show }: InviteProps) {
  const [byMail, setByMail] = useState(true);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const inviting = useAct();
  const invite = async () => {
    const body = { role, ...(byMail && { email }) };
    const invitation = await sendFor<NewMemberInvitation>({ method: "POST", path: invitationsPath, body });
    void ask(invitationsPath);
    show(invitation);
    setEmail("");
    if (invitation.url === null) toast(t("invite.mailed", { email }), () => takeBack(invitation.id));
  };
  return (
    <form
      class="boxed"
      aria-labelledby="invite"
      onSubmit={(event) => {
        event.preventDefault();
        inviting.run(invite);
      }}
    >
      <fieldset class="stack top" disabled={disabled} aria-describedby={disabled ? reason : undefined}>
        <div class="row between wrap">
          <h2 id="invite">{t("invite")}</h2>
          <Seg
            label={t("invite.how")}
            value={byMail ? "mail" : "link"}
            onChange={(way) => setByMail(way === "mail")}
            options={[
              ["mail", t("invite.by-mail")],
              ["link", t("invite.by-link")],
            ]}
          />
        </div>
        <div class="line">
          {byMail && (
            <MailField
              label={t("invite.address")}
              value={email}
              onChange={setEmail}
              autocomplete="off"
              class="field grow"
            />
          )}
          <label class="field">
            {t("members.role")}
            <Drop
              name="role"
              value={role}
              onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}
            >
              <RoleOptions />
            </Drop>
          </label>
          <button class="btn main" type="submit">
            {t(byMail ? "invite.send" : "invite.make")}
          </button>
        </div>
        <p class="note">{t(`role.${role}.may`)}</p>
        <Failed>{inviting.failure !== null && whyNot(refusalIn(inviting.failure))}</Failed>
        {made?.url && <Link url={made.url} of={made} done={() => show(null)} />}
      </fieldset>
    </form>
  );
}

interface LinkProps {
  url: string;
  of: NewMemberInvitation;
  done: () => void;
}

/** The link of an invitation, which nobody sees again. */
function Link({ url, of: { email, role, expires_at }, done }: LinkProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [url]);
  const end = <bdi>{ownDates().longDay(Date.parse(expires_at))}</bdi>;
  return (
    <div class="stack" role="status">
      <div class="line">
        <label class="field grow">
          {t("invite.link")}
          <input class="in" ref={field} readOnly dir="ltr" value={url} />
        </label>
        <CopyButton text={url}>{t("copy-link")}</CopyButton>
        <button class="btn plain" type="button" onClick={done}>
          {t("invite.done")}
        </button>
      </div>
      <p class="note">
        {email && <>{say("invite.unmailed", { email: <bdi dir="ltr">{email}</bdi> })} </>}
        {say("invite.once", { role: t(`role.${role}`), end })}
      </p>
    </div>
  );
}
