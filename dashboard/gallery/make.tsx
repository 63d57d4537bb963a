import { useId, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { refusalIn } from "../api/change.ts";
import type { Refused } from "../api/refused.ts";
import { Failed, whyOf } from "../frame/asked.tsx";
import { Dialog } from "../frame/dialog.tsx";
import { Icon } from "../frame/icons.tsx";
import { toast } from "../frame/toasts.tsx";
import { at, page, touchpointNamed } from "../page.ts";
import { say, t } from "../words.tsx";
import { Card } from "./card.tsx";
import { goLive, takeBack } from "./live.ts";
import { scaleOf, shownIn } from "./survey.ts";
import type { GalleryWords, Template } from "./templates.ts";

interface MakeProps {
  /** null: none is chosen, and the dialog is closed. */
  of: Template | null;
  words: GalleryWords;
  close: () => void;
}

/** Makes the survey of a template and puts it live, in one act. */
export const Make = ({ of, words, close }: MakeProps) => (
  <Dialog
    class="make"
    title={words.templates[of?.id ?? ""]?.name ?? ""}
    open={of !== null}
    close={close}
    bare
  >
    {of && <Form of={of} words={words} close={close} />}
  </Dialog>
);

function Form({ of: template, words, close }: MakeProps & { of: Template }) {
  const { route } = useLocation();
  const subject = page.workspace.name;
  const shown = shownIn(template, words, subject);
  const [name, setName] = useState(template.touchpoint);
  const [question, setQuestion] = useState(shown.wording.question);
  const [failure, setFailure] = useState<Refused | null>(null);
  const busy = useRef(false);
  const id = useId();
  const mayWrite = page.role !== "analyst";
  const isChanged = question.trim() !== shown.wording.question;
  const make = async () => {
    if (busy.current) return;
    busy.current = true;
    setFailure(null);
    try {
      const chosen = { name, question: isChanged ? question.trim() : null, shown };
      const live = await goLive(template, chosen);
      close();
      route(at(`/touchpoints/${name}/install`));
      toast(t("make.done", { name }), () =>
        takeBack(live).then(
          () => toast(t("make.undone", { name })),
          () => toast(t("failed.unreached")),
        ),
      );
    } catch (error) {
      setFailure(refusalIn(error));
    }
    busy.current = false;
  };
  return (
    <form
      class="halves"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div class="seen-as">
        <Card of={{ ...shown, wording: { ...shown.wording, question } }} answered />
      </div>
      <div class="fill">
        <div class="row between">
          <h2 class="title">{words.templates[template.id]?.name}</h2>
          <button class="btn plain icon" type="button" aria-label={t("close")} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <div class="stack">
          <label class="field">
            {t("make.at")}
            <input
              class="in"
              dir="ltr"
              autofocus
              required
              maxLength={64}
              pattern="[a-z0-9][a-z0-9._\-]*"
              autocomplete="off"
              spellcheck={false}
              list={id}
              aria-describedby={`${id}-hint`}
              value={name}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
          </label>
          <datalist id={id}>
            {page.touchpoints?.map((one) => (
              <option key={one.name} value={one.name} />
            ))}
          </datalist>
          <p class="note" id={`${id}-hint`}>
            <Hint of={template} name={name} />
          </p>
        </div>
        <div class="stack">
          <label class="field">
            {t("make.question")}
            <textarea
              class="in"
              rows={2}
              required
              maxLength={300}
              value={question}
              onInput={({ currentTarget }) => setQuestion(currentTarget.value)}
            />
          </label>
          {isChanged && <p class="note">{t("make.changed")}</p>}
        </div>
        <p class="note">{t("make.live")}</p>
        <Failed>{failure && (failure.problem === "conflict" ? t("make.taken") : whyOf(failure))}</Failed>
        {!mayWrite && <p class="note">{t("make.forbidden")}</p>}
        <div class="row wrap">
          <button class="btn main" type="submit" disabled={!mayWrite}>
            {t("make.go")}
          </button>
        </div>
      </div>
    </form>
  );
}

/** What the name means: a new touchpoint, or one whose survey or scale is another. */
const Hint = ({ of: template, name }: { of: Template; name: string }) => {
  const known = touchpointNamed(name);
  if (!known)
    return (
      <>
        {page.touchpoints && <span class="tag accent">{t("make.new")}</span>} {t("make.name")}
      </>
    );
  const before = page.surveys?.find(({ id }) => id === known.survey);
  if (!before) return t("make.nothing-yet");
  const scale = scaleOf(template);
  const isSame =
    before.kind === template.kind && before.scale.min === scale.min && before.scale.max === scale.max;
  return (
    <>
      {say("make.instead", { survey: before.name })}{" "}
      {!isSame && <b class="warn">{say("make.other-scale", { touchpoint: name, ...before.scale })}</b>}
    </>
  );
};
