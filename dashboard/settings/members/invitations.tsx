import type {
  Member,
  MemberInvitation,
  NewMemberInvitation,
} from "../../../shared/contract/members/members.ts";
import { ask, foretell } from "../../api/ask.ts";
import { refusalIn, send, sendFor } from "../../api/change.ts";
import type { Dates } from "../../figures/model/dates.ts";
import { whyOf } from "../../frame/asked.tsx";
import { Icon } from "../../frame/icons.tsx";
import { toast } from "../../frame/toasts.tsx";
import { say, t } from "../../words.tsx";
import { ConfirmButton } from "../confirm.tsx";
import { focusOn, type List, ownDates } from "../panel.tsx";
import { invitationsPath } from "./changes.ts";
import { whyNot } from "./invite.tsx";

interface InvitationsProps {
  of: readonly MemberInvitation[];
  members: readonly Member[];
  /** Shows the link of an invitation that was renewed, if it has one to hand over. */
  show: (renewed: NewMemberInvitation) => void;
}

/** Who is invited and has not come yet. */
export const Invitations = ({ of: invitations, members, show }: InvitationsProps) => {
  const dates = ownDates();
  if (invitations.length === 0) return <p class="nothing note">{t("invited.none")}</p>;
  return (
    <ul class="plainlist">
      {invitations.map((invitation) => (
        <Invitation
          key={invitation.id}
          of={invitation}
          dates={dates}
          show={show}
          by={members.find(({ id }) => id === invitation.invited_by)?.name ?? t("invited.by-key")}
        />
      ))}
    </ul>
  );
};

/** What a link is no more, no request makes again: the member would need another one. */
async function takeBack(id: string): Promise<void> {
  foretell<List<MemberInvitation>>(invitationsPath, ({ data }) => ({
    data: data.filter((one) => one.id !== id),
  }));
  focusOn("invited");
  await send({ method: "DELETE", path: `${invitationsPath}/${id}` }).then(
    () => toast(t("invited.taken-back")),
    (error: unknown) => toast(whyOf(refusalIn(error))),
  );
  await ask(invitationsPath);
}

/** A link cannot be shown or sent once more, since only its hash is stored: there is another one in its place. */
async function renew(id: string, show: InvitationsProps["show"]): Promise<void> {
  focusOn("invited");
  try {
    const renewed = await sendFor<NewMemberInvitation>({
      method: "POST",
      path: `${invitationsPath}/${id}/renew`,
    });
    show(renewed);
    if (renewed.url === null) toast(t("invite.mailed", { email: renewed.email ?? "" }));
  } catch (error) {
    toast(whyNot(refusalIn(error)));
  }
  await ask(invitationsPath);
}

interface InvitationProps extends Pick<InvitationsProps, "show"> {
  of: MemberInvitation;
  by: string;
  dates: Dates;
}

function Invitation({ of: invitation, by, dates, show }: InvitationProps) {
  const { id, email, mailed, role, created_at, expires_at } = invitation;
  const said = {
    role: t(`role.${role}`),
    by,
    date: <bdi>{dates.longDay(Date.parse(created_at))}</bdi>,
    end: <bdi>{dates.longDay(Date.parse(expires_at))}</bdi>,
  };
  const name = email ?? t("invited.link");
  const way = mailed ? "invited.again" : "invited.new-link";
  return (
    <li>
      <span class="lead">
        <Icon name={mailed ? "mail" : "link"} />
        <span>
          <b>{email ? <bdi dir="ltr">{email}</bdi> : t("invited.link")}</b>
          <br />
          <span class="note">{say(mailed ? "invited.mailed" : "invited.handed", said)}</span>
        </span>
      </span>
      <div class="row wrap">
        <ConfirmButton
          name={t(way)}
          label={t(`${way}.which`, { name })}
          title={t(`${way}.title`)}
          run={() => renew(id, show)}
        >
          <p>{t("invited.renew.why")}</p>
        </ConfirmButton>
        <ConfirmButton
          name={t("invited.take-back")}
          label={t("invited.take-back.which", { name })}
          title={t("invited.take-back.title")}
          run={() => takeBack(id)}
        >
          <p>{t("invited.take-back.why")}</p>
        </ConfirmButton>
      </div>
    </li>
  );
}
