import type { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";
import { foretell } from "../api/ask.ts";
import { change } from "../api/change.ts";
import { whyOf } from "../frame/asked.tsx";
import { toast } from "../frame/toasts.tsx";
import { t } from "../words.tsx";

type Settings = Partial<Pick<Touchpoint, "delay_seconds" | "wait_days" | "show">>;

/** Changes a touchpoint's settings: shown at once, and taken back by writing what was there. */
export function set(path: string, before: Touchpoint, given: Settings): void {
  const former: Settings = Object.fromEntries(
    Object.keys(given).map((name) => [name, before[name as keyof Settings]]),
  );
  const show = (settings: Settings) =>
    foretell<Touchpoint>(path, (touchpoint) => ({ ...touchpoint, ...settings }));
  void change({
    order: { method: "PATCH", path, body: given },
    inverse: { method: "PATCH", path, body: former },
    apply: () => show(given),
    revert: () => show(former),
    done: (undo) => toast(t("changed"), undo),
    refused: (why) => toast(why.status === 403 ? t("changed.forbidden") : whyOf(why)),
  });
}
