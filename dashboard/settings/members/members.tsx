import { useState } from "preact/hooks";
import type {
  Member,
  MemberInvitation,
  NewMemberInvitation,
  RemovedMember,
} from "../../../shared/contract/members/members.ts";
import { ask, useAsked } from "../../api/ask.ts";
import { Asked } from "../../frame/asked.tsx";
import { page } from "../../page.ts";
import { listed, say, t } from "../../words.tsx";
import { type List, type Named, Panel, Part } from "../panel.tsx";
import { invitationsPath, membersPath } from "./changes.ts";
import { Invitations } from "./invitations.tsx";
import { Invite } from "./invite.tsx";
import { MemberTable } from "./table.tsx";

/** The id of the text that says why a member may not do what others may. */
const why = "why-not";

/** Who may do what here, and who is invited. */
export default function Members() {
  const manages = page.role === "owner";
  const members = useAsked<List<Member>>(membersPath);
  const invitations = useAsked<List<MemberInvitation>>(manages ? invitationsPath : null);
  const [left, setLeft] = useState<{ name: string; keys: RemovedMember["keys"] } | null>(null);
  const [made, setMade] = useState<NewMemberInvitation | null>(null);
  const owners = (members.data?.data ?? []).filter(({ role }) => role === "owner");
  return (
    <Panel item="members">
      {!manages && (
        <p class="notice" id={why}>
          {t("members.owners-only")}{" "}
          {owners.length > 0 && say("members.owners", { owners: <>{listed(owners.map(nameOf))}</> })}
        </p>
      )}
      <Invite disabled={!manages} why={why} made={made} show={setMade} />
      {left && left.keys.length > 0 && (
        <p class="notice" role="status">
          {say("members.keys", { name: left.name, keys: <>{listed(left.keys.map(nameOf))}</> })}
        </p>
      )}
      <Part id="who" title={t("members.who")}>
        <Asked
          of={members}
          failed={t("members.failed")}
          again={() => void ask(membersPath)}
          bones={<span class="bone block" />}
        >
          {({ data }) => (
            <MemberTable
              of={data}
              manages={manages}
              why={why}
              removed={(name, keys) => setLeft({ name, keys })}
            />
          )}
        </Asked>
      </Part>
      <Part id="invited" title={t("invited")}>
        {manages ? (
          <Asked
            of={invitations}
            failed={t("invited.failed")}
            again={() => void ask(invitationsPath)}
            bones={<span class="bone block" />}
          >
            {({ data }) => <Invitations of={data} members={members.data?.data ?? []} show={setMade} />}
          </Asked>
        ) : (
          <p class="nothing note">{t("invited.owners-only")}</p>
        )}
      </Part>
    </Panel>
  );
}

const nameOf = ({ id, name }: Named) => <bdi key={id}>{name}</bdi>;
