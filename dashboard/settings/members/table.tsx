import { useState } from "preact/hooks";
import type { Member, RemovedMember, Role } from "../../../shared/contract/members/members.ts";
import type { Dates } from "../../figures/model/dates.ts";
import { Avatar } from "../../frame/nav.tsx";
import { at, page } from "../../page.ts";
import { Drop } from "../../shown/pick.tsx";
import { type Key, t } from "../../words.tsx";
import { Confirm } from "../confirm.tsx";
import { None, ownDates } from "../panel.tsx";
import { giveRole, remove } from "./changes.ts";
import { RoleOptions } from "./invite.tsx";

/** What a role may, by column: scores; answers; surveys and sends; keys, members and data. The worker decides it. */
const may: Readonly<Record<Role, readonly (Key | null)[]>> = {
  owner: ["may.reads", "may.leaves-out", "may.changes", "may.changes"],
  editor: ["may.reads", "may.leaves-out", "may.changes", null],
  analyst: ["may.reads", "may.reads", "may.reads", null],
};
const columns = ["may.scores", "may.answers", "may.surveys", "may.all"] as const;

interface MemberTableProps {
  of: readonly Member[];
  manages: boolean;
  /** Id of the text that says why not. */
  why: string;
  removed: (name: string, keys: RemovedMember["keys"]) => void;
}

/** Everybody, what they may, and when they were here. */
export const MemberTable = ({ of: members, manages, why, removed }: MemberTableProps) => {
  const dates = ownDates();
  const owners = members.filter(({ role }) => role === "owner");
  const isOnlyOwner = ({ role }: Member) => role === "owner" && owners.length === 1;
  return (
    <>
      <div class="tablewrap">
        <table class="rights">
          <thead>
            <tr>
              <th scope="col">{t("members.member")}</th>
              <th scope="col">{t("members.role")}</th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(column)}
                </th>
              ))}
              <th scope="col">{t("members.seen")}</th>
              <th scope="col">
                <span class="unseen">{t("do")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <Row
                key={member.id}
                of={member}
                dates={dates}
                locked={!manages ? why : isOnlyOwner(member) ? "only-owner" : null}
                remove={() => remove(member, (keys) => removed(member.name, keys))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {manages && owners.length === 1 && (
        <p class="note under" id="only-owner">
          {t("members.only-owner")}
        </p>
      )}
      <p class="note under">{t("members.at-once")}</p>
    </>
  );
};

interface RowProps {
  of: Member;
  dates: Dates;
  /** Id of the text that says why it cannot be changed; null: it can. */
  locked: string | null;
  remove: () => void;
}

function Row({ of: member, dates, locked, remove: go }: RowProps) {
  const { id, name, email, role, last_seen_at: seen } = member;
  const isOwn = id === page.member.id;
  /** A role that cannot be taken back by whoever gives it. */
  const [lower, setLower] = useState<Role | null>(null);
  return (
    <tr>
      <th scope="row">
        <span class="row person">
          <Avatar name={name} />
          <span class="stack">
            <span>
              <b>
                <bdi>{name}</bdi>
              </b>{" "}
              {isOwn && <span class="quiet">{t("members.you")}</span>}
            </span>
            {email && (
              <span class="note">
                <bdi dir="ltr">{email}</bdi>
              </span>
            )}
          </span>
        </span>
      </th>
      <td>
        <Drop
          aria-label={t("members.role.of", { name })}
          aria-describedby={locked ?? undefined}
          disabled={locked !== null}
          value={role}
          onChange={({ currentTarget }) => {
            const wanted = currentTarget.value as Role;
            if (isOwn) setLower(wanted);
            else void giveRole(member, wanted);
          }}
        >
          <RoleOptions />
        </Drop>
        {isOwn && (
          <Confirm
            title={t("members.lower")}
            open={lower !== null}
            close={() => setLower(null)}
            act={t("members.lower.yes")}
            run={() => lower && void giveRole(member, lower)}
          >
            <p>{t("members.lower.why")}</p>
          </Confirm>
        )}
      </td>
      {may[role].map((what, index) => (
        <td key={columns[index]} class="may">
          {what ? t(what) : <None />}
        </td>
      ))}
      <td class="seen">{seen ? <bdi>{dates.ago(Date.parse(seen))}</bdi> : <None />}</td>
      <td class="says note">{t(`role.${role}.may`)}</td>
      <td class="act">
        {isOwn ? (
          <a class="btn plain" href={at("/settings/account")}>
            {t("members.leave")}
          </a>
        ) : (
          <button
            class="btn plain"
            type="button"
            aria-label={t("members.remove.whom", { name })}
            aria-describedby={locked ?? undefined}
            disabled={locked !== null}
            onClick={go}
          >
            {t("members.remove")}
          </button>
        )}
      </td>
    </tr>
  );
}
