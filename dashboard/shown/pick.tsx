import type { ComponentChildren, ComponentProps } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "../frame/icons.tsx";

interface SegProps<Value extends string> {
  label: string;
  options: readonly (readonly [value: Value, name: ComponentChildren])[];
  value: string;
  onChange: (value: Value) => void;
  /** More of the same row, such as a popover's button. */
  children?: ComponentChildren;
}

/** A few choices in a row, one of them pressed. */
export const Seg = <Value extends string>({ label, options, value, onChange, children }: SegProps<Value>) => (
  <fieldset class="seg" aria-label={label}>
    {options.map(([one, name]) => (
      <button key={one} type="button" aria-pressed={one === value} onClick={() => onChange(one)}>
        {name}
      </button>
    ))}
    {children}
  </fieldset>
);

/** A native list as a field of a form. */
export const Drop = ({ children, ...select }: ComponentProps<"select">) => (
  <span class="drop">
    <select class="in" {...select}>
      {children}
    </select>
    <Icon name="open" />
  </span>
);

interface PickProps {
  /** The word before the value: "against". */
  label: string;
  value: string;
  /** What is read on the closed control; a list's own names may be longer. */
  shown: ComponentChildren;
  /** Made when somebody is about to open it: there are four hundred time zones. */
  options: () => readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}

/** A native list under a control of our own looks: its keys, its search and the phone's wheel come with it. */
export function Pick({ label, value, shown, options, onChange }: PickProps) {
  const [full, setFull] = useState(false);
  const fill = () => setFull(true);
  const all = full ? options() : [];
  // A value that no list has, from an address that somebody wrote, must not look like another.
  const known = all.some(([one]) => one === value) ? all : [[value, value] as const, ...all];
  return (
    <label class="pick">
      <span class="quiet">{label}</span>
      <span>{shown}</span>
      <Icon name="open" />
      <select
        aria-label={label}
        value={value}
        onFocus={fill}
        onPointerDown={fill}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {known.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PopProps {
  label: ComponentChildren;
  icon?: IconName;
  pressed?: boolean;
  class?: string;
  /** What is in it; `close` closes it. */
  children: (close: () => void) => ComponentChildren;
}

/** A button with a small form below it, in the browser's top layer: no scrolling row cuts it off. */
export function Pop({ label, icon, pressed, class: name, children }: PopProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const place = () => {
    const from = button.current?.getBoundingClientRect();
    const { style, offsetWidth = 0 } = panel.current ?? {};
    if (!from || !style) return;
    const rtl = document.documentElement.dir === "rtl";
    const start = rtl ? innerWidth - from.right : from.left;
    style.insetBlockStart = `${from.bottom + 4}px`;
    style.insetInlineStart = `${Math.max(8, Math.min(start, innerWidth - offsetWidth - 8))}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={name}
        popoverTarget={id}
        {...(pressed !== undefined && { "aria-pressed": pressed })}
      >
        {icon && <Icon name={icon} />}
        {label}
      </button>
      <div
        ref={panel}
        id={id}
        class="pop"
        popover="auto"
        onBeforeToggle={({ newState }) => setOpen(newState === "open")}
        onToggle={place}
      >
        {open && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
