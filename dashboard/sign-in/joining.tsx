import { useState } from "preact/hooks";
import type { OneTimeLink } from "../../shared/contract/members/sessions.ts";
import type { Act } from "../api/act.ts";
import { NameField } from "../shown/member.tsx";
import { say, t } from "../words.tsx";
import { Failure, Gate } from "./gate.tsx";

interface JoiningProps {
  link: OneTimeLink;
  using: Act;
  join: (name?: string) => void;
}

/** Becomes the first owner, or a member who was invited. */
export function Joining({ link, using, join }: JoiningProps) {
  const [name, setName] = useState("");
  const workspace = link.workspace ?? "";
  const role = link.role ?? "analyst";
  const first = link.purpose === "setup";
  return (
    <Gate
      title={first ? t("setup") : t("join", { workspace })}
      lead={first ? say("setup.lead", { workspace }) : t(`join.${role}`)}
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          join(link.needs_name ? name.trim() : undefined);
        }}
      >
        {link.needs_name && <NameField label={t("join.name")} value={name} onChange={setName} />}
        <Failure of={using.failure} />
        <button class="btn main big wide" type="submit">
          {first ? t("setup.yes") : t("join.yes")}
        </button>
      </form>
    </Gate>
  );
}
