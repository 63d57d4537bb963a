import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../words.tsx";
import { Icon } from "./icons.tsx";

interface DialogProps {
  title: string;
  open: boolean;
  /** Called however a reader closes it. Absent: it cannot be closed, only answered. */
  close?: () => void;
  class?: string;
  /** The title is the dialog's name alone, and not shown. */
  bare?: boolean;
  children: ComponentChildren;
}

/** A native modal dialog: it keeps the focus inside, closes by escape, and gives the focus back. */
export function Dialog({ title, open, close, class: name = "", bare = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const wanted = useRef(open);
  wanted.current = open;
  /** How often it was closed here without its event having come: that comes later, when it may be open anew. */
  const closings = useRef(0);
  /** Escape, pressed twice, closes any dialog: one that has to be answered opens again. */
  const closed = () => {
    if (closings.current > 0) closings.current -= 1;
    else if (close) close();
    else if (wanted.current) dialog.current?.showModal();
  };
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else if (dialog.current?.open) {
      closings.current += 1;
      dialog.current.close();
    }
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it; by key escape does, natively.
    <dialog
      ref={dialog}
      class={name}
      {...(bare ? { "aria-label": title } : { "aria-labelledby": id })}
      onClose={closed}
      // Closed by whoever opened it: the browser would close it first and say so later, when it may have been asked for again.
      onCancel={(event) => {
        event.preventDefault();
        close?.();
      }}
      onClick={(event) => event.target === dialog.current && close?.()}
    >
      {!bare && (
        <header class="row between">
          <h2 class="title" id={id}>
            {title}
          </h2>
          {close && (
            <button class="btn plain icon" type="button" aria-label={t("close")} onClick={close}>
              <Icon name="close" />
            </button>
          )}
        </header>
      )}
      {open && children}
    </dialog>
  );
}
