import { useEffect, useRef, useState } from "preact/hooks";
import type { Passkey } from "../../../shared/contract/members/passkeys.ts";
import { foretell } from "../../api/ask.ts";
import { change } from "../../api/change.ts";
import { whyOf } from "../../frame/asked.tsx";
import { toast } from "../../frame/toasts.tsx";
import { t } from "../../words.tsx";
import type { List } from "../panel.tsx";

function rename({ id, name: former }: Passkey, name: string): Promise<void> {
  const path = `/v1/passkeys/${encodeURIComponent(id)}`;
  const show = (shown: string) => () =>
    foretell<List<Passkey>>("/v1/passkeys", ({ data }) => ({
      data: data.map((one) => (one.id === id ? { ...one, name: shown } : one)),
    }));
  return change({
    order: { method: "PATCH", path, body: { name } },
    inverse: { method: "PATCH", path, body: { name: former } },
    apply: show(name),
    revert: show(former),
    done: (undo) => toast(t("passkeys.renamed", { name }), undo),
    refused: (why) => toast(whyOf(why)),
  });
}

/** Gives a passkey another name, in its place in the list. */
export function Rename({ of: passkey, close }: { of: Passkey; close: () => void }) {
  const [name, setName] = useState(passkey.name);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <form
      class="line whole"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        const given = name.trim();
        if (given !== passkey.name) void rename(passkey, given);
      }}
    >
      <label class="field grow">
        {t("passkeys.rename.to")}
        <input
          class="in"
          ref={field}
          name="rename"
          autocomplete="off"
          required
          maxLength={64}
          pattern=".*\S.*"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
          onKeyDown={({ key }) => {
            if (key === "Escape") close();
          }}
        />
      </label>
      <button class="btn" type="submit">
        {t("profile.save")}
      </button>
      <button class="btn plain" type="button" onClick={close}>
        {t("cancel")}
      </button>
    </form>
  );
}
