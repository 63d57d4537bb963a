import { refusalIn, send } from "../api/change.ts";
import { request } from "../api/session.ts";
import type { Answers } from "../figures/comments.tsx";
import { whyOf } from "../frame/asked.tsx";
import { toast } from "../frame/toasts.tsx";
import { t } from "../words.tsx";

const exclude = (id: string, excluded: "test" | null) =>
  send({ method: "PATCH", path: `/v1/responses/${id}`, body: { excluded } });
const refuse = (error: unknown) => toast(whyOf(refusalIn(error)));

/** Takes one's own trial out of the score. It stays in the list, with the reason. */
async function leaveOut(): Promise<void> {
  const answer = await request("/v1/responses?limit=1&excluded=false");
  const { data }: Answers = await answer.json();
  const [first] = data;
  if (!first) return;
  await exclude(first.id, "test");
  toast(t("steps.answer.left"), () => void exclude(first.id, null).catch(refuse));
}

/** Whoever sets something up tries it: the first answer is mostly their own. */
export const LeaveOut = () => (
  <div class="row">
    <button class="btn" type="button" onClick={() => void leaveOut().catch(refuse)}>
      {t("steps.answer.mine")}
    </button>
  </div>
);
