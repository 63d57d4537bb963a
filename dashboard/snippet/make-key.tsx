import { useState } from "preact/hooks";
import type { NewKey } from "../../shared/contract/keys.ts";
import { refusalIn, sendFor } from "../api/change.ts";
import type { Refused } from "../api/refused.ts";
import { Failed, whyOf } from "../frame/asked.tsx";
import { keep, page } from "../page.ts";
import { t } from "../words.tsx";

/** Makes the key that snippets hold, where there is none that can be shown. */
export function MakeKey() {
  const [failure, setFailure] = useState<Refused | null>(null);
  const make = async () => {
    try {
      const body = { name: t("key.name"), kind: "publishable" };
      const order = { method: "POST", path: "/v1/keys", body } as const;
      const { id, name, key, origins } = await sendFor<NewKey>(order);
      keep({ key: { id, name, key, origins } });
    } catch (error) {
      setFailure(refusalIn(error));
    }
  };
  return (
    <div class="nothing">
      <p>{t(page.role === "owner" ? "key.none" : "key.none.ask")}</p>
      {page.role === "owner" && (
        <button class="btn main" type="button" onClick={() => void make()}>
          {t("key.make")}
        </button>
      )}
      <Failed>{failure && whyOf(failure)}</Failed>
    </div>
  );
}
