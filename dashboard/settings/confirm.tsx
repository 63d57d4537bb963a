import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../frame/dialog.tsx";
import { t } from "../words.tsx";

interface ConfirmProps {
  title: string;
  open: boolean;
  close: () => void;
  /** What the button says that does it. */
  act: string;
  run: () => unknown;
  /** What follows from it, and that it cannot be undone. */
  children: ComponentChildren;
}

/** Asks before something that no request takes back. What can be undone is done at once instead. */
export const Confirm = ({ title, open, close, act, run, children }: ConfirmProps) => (
  <Dialog title={title} open={open} close={close}>
    <div class="stack">{children}</div>
    <div class="row wrap end">
      <button class="btn" type="button" autofocus onClick={close}>
        {t("cancel")}
      </button>
      <button
        class="btn danger"
        type="button"
        onClick={({ currentTarget }) => {
          // First, and at once: closing gives the focus back, and what is done may put it elsewhere.
          currentTarget.closest("dialog")?.close();
          run();
        }}
      >
        {act}
      </button>
    </div>
  </Dialog>
);

interface ConfirmButtonProps extends Pick<ConfirmProps, "title" | "run" | "children"> {
  /** What the button says, and the one in the dialog. */
  name: string;
  /** What the button is called where others say the same. */
  label?: string;
  class?: string;
  disabled?: boolean;
  /** Id of the text that says why it is disabled. */
  why?: string | undefined;
}

/** A button that asks first. */
export function ConfirmButton({ name, label, class: look, disabled, why, ...dialog }: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        class={look ?? "btn plain"}
        type="button"
        aria-label={label}
        disabled={disabled}
        aria-describedby={disabled ? why : undefined}
        onClick={() => setOpen(true)}
      >
        {name}
      </button>
      <Confirm {...dialog} act={name} open={open} close={() => setOpen(false)} />
    </>
  );
}
