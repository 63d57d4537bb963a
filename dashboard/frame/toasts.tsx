import { signal } from "@preact/signals";
import { t } from "../words.tsx";

interface Toast {
  id: number;
  text: string;
  /** Takes back what the text says. */
  undo?: () => unknown;
}

const toasts = signal<readonly Toast[]>([]);
/** Long enough to read and to reach; ⌘Z reaches it too. */
const shownMs = 10_000;
let count = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

const startTime = (id: number) => timers.set(id, setTimeout(dismiss, shownMs, id));

/** Says what was done. With `undo` it can be taken back for ten seconds. */
export function toast(text: string, undo?: () => unknown): void {
  const id = ++count;
  toasts.value = [...toasts.value, { id, text, ...(undo && { undo }) }];
  startTime(id);
}

function takeBack({ id, undo }: Toast): void {
  dismiss(id);
  undo?.();
}

/** Takes back the last act that still can be; false: there is none. */
export function undoLast(): boolean {
  const last = toasts.value.findLast(({ undo }) => undo);
  if (last) takeBack(last);
  return Boolean(last);
}

/** At the bottom of every view. Whoever points at one or reaches it by key stops its time. */
export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map((one) => (
      // biome-ignore lint/a11y/noStaticElementInteractions: reading it is no act; the button inside is.
      <div
        key={one.id}
        class="toast"
        onMouseEnter={() => clearTimeout(timers.get(one.id))}
        onMouseLeave={() => startTime(one.id)}
        onFocusIn={() => clearTimeout(timers.get(one.id))}
        onFocusOut={() => startTime(one.id)}
      >
        <span>{one.text}</span>
        {one.undo && (
          <button type="button" onClick={() => takeBack(one)}>
            {t("undo")}
          </button>
        )}
      </div>
    ))}
  </div>
);
