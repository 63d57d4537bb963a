import { useState } from "preact/hooks";
import type { Session } from "../../../shared/contract/members/sessions.ts";
import { ask, foretell } from "../../api/ask.ts";
import { refusalIn, send } from "../../api/change.ts";
import { leavePage } from "../../api/session.ts";
import { whyOf } from "../../frame/asked.tsx";
import { Icon } from "../../frame/icons.tsx";
import { toast } from "../../frame/toasts.tsx";
import { say, t } from "../../words.tsx";
import { ConfirmButton } from "../confirm.tsx";
import { focusOn, type List, ownDates } from "../panel.tsx";

const path = "/v1/sessions";

async function end(id: string): Promise<void> {
  foretell<List<Session>>(path, ({ data }) => ({ data: data.filter((one) => one.id !== id) }));
  focusOn("sessions");
  await send({ method: "DELETE", path: `${path}/${id}` }).then(
    () => toast(t("sessions.ended")),
    (error: unknown) => toast(whyOf(refusalIn(error))),
  );
  await ask(path);
}

/** Where the member is signed in, this place among them. */
export const Sessions = ({ of: sessions }: { of: readonly Session[] }) => {
  const dates = ownDates();
  return (
    <ul class="plainlist">
      {sessions.map(({ id, is_this, device, means, created_at, last_used_at }) => (
        <li key={id}>
          <span class="lead">
            <Icon name="place" />
            <span>
              <b>
                <bdi>{device}</bdi>
              </b>{" "}
              {is_this && <span class="tag accent">{t("sessions.this")}</span>}
              <br />
              <span class="note">
                {say(`sessions.by.${means}`, {
                  date: <bdi>{dates.longDay(Date.parse(created_at))}</bdi>,
                  last: <bdi>{dates.ago(Date.parse(last_used_at))}</bdi>,
                })}
              </span>
            </span>
          </span>
          {!is_this && (
            <ConfirmButton
              name={t("sign-out")}
              label={t("sessions.end.which", { name: device })}
              title={t("sessions.end.which", { name: device })}
              run={() => end(id)}
            >
              <p>{t("sessions.end.why")}</p>
            </ConfirmButton>
          )}
        </li>
      ))}
    </ul>
  );
};

/** Ends all sessions at once, for whoever fears that somebody else has one. */
export function EndAll() {
  const [thisToo, setThisToo] = useState(false);
  const [passkeys, setPasskeys] = useState(false);
  const run = async () => {
    const query = new URLSearchParams({
      ...(!thisToo && { keep: "this" }),
      ...(passkeys && { passkeys: "remove" }),
    });
    try {
      await send({ method: "DELETE", path: `${path}?${query}` });
    } catch (error) {
      toast(whyOf(refusalIn(error)));
      return;
    }
    if (thisToo) return leavePage();
    toast(t("sessions.all-ended"));
    await Promise.all([ask(path), ask("/v1/passkeys")]);
  };
  return (
    <ConfirmButton class="btn" name={t("sessions.end-all")} title={t("sessions.end-all.title")} run={run}>
      <p>{t("sessions.end-all.why")}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={thisToo}
          onChange={({ currentTarget }) => setThisToo(currentTarget.checked)}
        />
        {t("sessions.end-all.this")}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={passkeys}
          onChange={({ currentTarget }) => setPasskeys(currentTarget.checked)}
        />
        {t("sessions.end-all.passkeys")}
      </label>
    </ConfirmButton>
  );
}
