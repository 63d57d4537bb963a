import type { Member, RemovedMember } from "../../../shared/contract/members/members.ts";
import { ask, foretell } from "../../api/ask.ts";
import { change } from "../../api/change.ts";
import { whyOf } from "../../frame/asked.tsx";
import { toast } from "../../frame/toasts.tsx";
import { page } from "../../page.ts";
import { t } from "../../words.tsx";
import { focusOn, type List } from "../panel.tsx";

export const membersPath = "/v1/members";
export const invitationsPath = "/v1/members/invitations";

/** Changes who is shown as a member. */
const show = (how: (members: Member[]) => Member[]) => () =>
  foretell<List<Member>>(membersPath, ({ data }) => ({ data: how(data) }));

/** Gives a member another role. Whoever is no owner any more has another page. */
export function giveRole(member: Member, role: Member["role"]): Promise<void> {
  const { id, name } = member;
  const path = `${membersPath}/${id}`;
  const as = (shown: Member["role"]) =>
    show((members) => members.map((one) => (one.id === id ? { ...one, role: shown } : one)));
  return change({
    order: { method: "PATCH", path, body: { role } },
    inverse: { method: "PATCH", path, body: { role: member.role } },
    apply: as(role),
    revert: as(member.role),
    done: (undo) =>
      id === page.member.id
        ? location.reload()
        : toast(t("members.is-now", { name, role: t(`role.${role}`) }), undo),
    refused: (why) => toast(whyOf(why)),
  });
}

/** Removes a member. `told` hears of the keys that they made and that still work. */
export function remove(member: Member, told: (keys: RemovedMember["keys"]) => void): Promise<void> {
  const { id, name, role } = member;
  const path = `${membersPath}/${id}`;
  return change<RemovedMember>({
    order: { method: "DELETE", path },
    inverse: { method: "PATCH", path, body: { role } },
    apply: () => {
      show((members) => members.filter((one) => one.id !== id))();
      focusOn("who");
    },
    revert: () => {
      show((members) =>
        [...members, member].sort((one, other) => (one.joined_at < other.joined_at ? -1 : 1)),
      )();
      told([]);
    },
    done: (undo, { keys }) => {
      told(keys);
      toast(t("members.removed", { name }), undo);
      // Those that they made have ended.
      void ask(invitationsPath);
    },
    refused: (why) => toast(whyOf(why)),
  });
}
