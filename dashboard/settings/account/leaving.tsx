import type { SignedIn } from "../../../shared/contract/members/sessions.ts";
import { ask } from "../../api/ask.ts";
import { refusalIn, send } from "../../api/change.ts";
import { leavePage } from "../../api/session.ts";
import { whyOf } from "../../frame/asked.tsx";
import { Icon } from "../../frame/icons.tsx";
import { toast } from "../../frame/toasts.tsx";
import { page } from "../../page.ts";
import { listed, say, t } from "../../words.tsx";
import { ConfirmButton } from "../confirm.tsx";
import { focusOn } from "../panel.tsx";

async function leave(id: string, name: string): Promise<void> {
  try {
    await send({ method: "DELETE", path: `/v1/session/workspaces/${id}` });
  } catch (error) {
    toast(whyOf(refusalIn(error)));
    return;
  }
  if (id === page.workspace.id) {
    location.assign("/app");
    return;
  }
  toast(t("leave.left", { name }));
  focusOn("workspaces");
  await ask("/v1/session");
}

/** The workspaces that the member is in, and may leave. */
export const Workspaces = ({ of: { workspaces } }: { of: SignedIn }) => (
  <ul class="plainlist">
    {workspaces.map(({ id, name, role, is_only_owner: isOnly }) => (
      <li key={id}>
        <span class="lead">
          <Icon name="switch" />
          <span>
            <b>
              <bdi>{name}</bdi>
            </b>
            <br />
            <span class="note" id={`leave-${id}`}>
              {isOnly ? t("leave.only-owner") : t(`role.${role}`)}
            </span>
          </span>
        </span>
        <ConfirmButton
          class="btn danger"
          name={t("leave")}
          label={t("leave.which", { name })}
          title={t("leave.which", { name })}
          disabled={isOnly}
          why={`leave-${id}`}
          run={() => leave(id, name)}
        >
          <p>{t("leave.why")}</p>
        </ConfirmButton>
      </li>
    ))}
  </ul>
);

const deleteAccount = () =>
  send({ method: "DELETE", path: "/v1/session/member" }).then(leavePage, (error: unknown) =>
    toast(whyOf(refusalIn(error))),
  );

/** Deletes the account, unless a workspace would be left without an owner. */
export const Deletion = ({ of: { workspaces } }: { of: SignedIn }) => {
  const needed = workspaces.filter(({ is_only_owner }) => is_only_owner);
  const names = needed.map(({ id, name }) => <bdi key={id}>{name}</bdi>);
  return (
    <div class="stack top under">
      <p class="note" id="deletion-why">
        {needed.length > 0
          ? say("deletion.needed", { workspaces: <>{listed(names)}</> })
          : t("deletion.note")}
      </p>
      <div class="row">
        <ConfirmButton
          class="btn danger"
          name={t("deletion.do")}
          title={t("deletion.title")}
          disabled={needed.length > 0}
          why="deletion-why"
          run={deleteAccount}
        >
          <p>{t("deletion.note")}</p>
          <p>{t("deletion.final")}</p>
        </ConfirmButton>
      </div>
    </div>
  );
};
