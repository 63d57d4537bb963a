import { useState } from "preact/hooks";
import type { Samples as Loaded } from "../../shared/contract/surveys/samples.ts";
import { refusalIn, sendFor } from "../api/change.ts";
import { whyOf } from "../frame/asked.tsx";
import { toast } from "../frame/toasts.tsx";
import { page, samples } from "../page.ts";
import { say, t } from "../words.tsx";
import { setupWords } from "./speak.ts";

await setupWords();

/** Loads invented answers for whoever has none yet, or takes them away, a touchpoint at a time. */
export default function Samples() {
  const [part, setPart] = useState<Loaded | null>(null);
  const go = async (method: "POST" | "DELETE", isOver: (now: Loaded) => boolean) => {
    let now: Loaded;
    do {
      now = await sendFor<Loaded>({ method, path: "/v1/samples" });
      setPart(now);
    } while (!isOver(now));
    // The page carries the touchpoints.
    location.reload();
  };
  const begin = (...order: Parameters<typeof go>) =>
    void go(...order).catch((error: unknown) => {
      setPart(null);
      toast(whyOf(refusalIn(error)));
    });
  const isThere = samples.size > 0;
  return (
    <div class="stack samples">
      <p class="note">{t(isThere ? "samples.there" : "samples.none")}</p>
      {part ? (
        <p class="row note" role="status">
          <progress value={part.loaded} max={part.total} aria-hidden="true" />
          {say("samples.part", { n: part.loaded, total: String(part.total) })}
        </p>
      ) : (
        <div class="row">
          <button
            class="btn"
            type="button"
            disabled={page.role !== "owner"}
            onClick={() =>
              isThere
                ? begin("DELETE", ({ loaded }) => loaded === 0)
                : begin("POST", ({ loaded, total }) => loaded === total)
            }
          >
            {t(isThere ? "samples.remove" : "samples.load")}
          </button>
          {page.role !== "owner" && <span class="note">{t("samples.owners")}</span>}
        </div>
      )}
    </div>
  );
}
