import type { Passkey } from "../../../shared/contract/members/passkeys.ts";
import type { Session, SignedIn } from "../../../shared/contract/members/sessions.ts";
import { ask, useAsked } from "../../api/ask.ts";
import { Asked } from "../../frame/asked.tsx";
import { t } from "../../words.tsx";
import { type List, Panel, Part } from "../panel.tsx";
import { Address } from "./address.tsx";
import { Deletion, Workspaces } from "./leaving.tsx";
import { AddPasskey, Passkeys } from "./passkeys.tsx";
import { Profile } from "./profile.tsx";
import { EndAll, Sessions } from "./sessions.tsx";

const bones = <span class="bone block" />;

/** What is one's own: name, language and zone, ways to sign in, where one is signed in, and leaving. */
export default function Account() {
  const me = useAsked<SignedIn>("/v1/session");
  const passkeys = useAsked<List<Passkey>>("/v1/passkeys");
  const sessions = useAsked<List<Session>>("/v1/sessions");
  const mine = { of: me, failed: t("account.failed"), again: () => void ask("/v1/session") };
  return (
    <Panel item="account">
      <Part id="profile" title={t("profile")}>
        <Asked {...mine} bones={bones}>
          {(of) => <Profile of={of} />}
        </Asked>
      </Part>
      <Part id="passkeys" title={t("passkeys")}>
        <Asked
          of={passkeys}
          failed={t("passkeys.failed")}
          again={() => void ask("/v1/passkeys")}
          bones={bones}
        >
          {({ data }) => (
            <>
              <Passkeys of={data} hasAddress={me.data?.member.email != null} />
              <AddPasskey count={data.length} />
            </>
          )}
        </Asked>
      </Part>
      <Part id="mail" title={t("mail")}>
        <Asked {...mine} bones={bones}>
          {(of) => <Address of={of} />}
        </Asked>
      </Part>
      <Part id="sessions" title={t("sessions")} act={<EndAll />}>
        <Asked
          of={sessions}
          failed={t("sessions.failed")}
          again={() => void ask("/v1/sessions")}
          bones={bones}
        >
          {({ data }) => <Sessions of={data} />}
        </Asked>
      </Part>
      <Part id="workspaces" title={t("account.workspaces")}>
        <Asked {...mine} bones={bones}>
          {(of) => <Workspaces of={of} />}
        </Asked>
      </Part>
      <Part id="deletion" title={t("deletion")}>
        <Asked {...mine} bones={bones}>
          {(of) => <Deletion of={of} />}
        </Asked>
      </Part>
    </Panel>
  );
}
