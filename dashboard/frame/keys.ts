import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** Acts by their key. Two keys one after the other are written with a space: "g h". */
type Keys = Readonly<Record<string, () => void>>;

/** Single keys can be switched off (WCAG 2.1.4): with speech, and with keyboards that are hit by chance, they misfire. */
export const singleKeys = signal(localStorage.getItem("keys") !== "off");

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on;
  localStorage.setItem("keys", on ? "on" : "off");
}

/** The keys of what is on the screen, the innermost last. */
const active: { readonly current: Keys }[] = [];
/** The first key of two, until the next one. */
let first = "";

const inField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=range])"));

/** Runs what a key means; false where it means nothing here. */
function run(key: string): boolean {
  const act = active.findLast(({ current }) => Object.hasOwn(current, key))?.current[key];
  act?.();
  return Boolean(act);
}

addEventListener("keydown", (event) => {
  const { key, target } = event;
  const command = event.metaKey || event.ctrlKey;
  // With a letter held down an act would be done many times over.
  if (event.defaultPrevented || event.altKey || event.repeat) return;
  if (command) {
    if (!event.shiftKey && !(key === "z" && inField(target)) && run(`mod ${key.toLowerCase()}`))
      event.preventDefault();
    return;
  }
  // An open dialog has the keyboard to itself.
  if (!singleKeys.peek() || inField(target) || document.querySelector("dialog[open]")) return;
  const both = first && `${first} ${key}`;
  first = "";
  if (run(both || key)) event.preventDefault();
  else if (active.some(({ current }) => Object.keys(current).some((one) => one.startsWith(`${key} `))))
    first = key;
});

/** Binds keys for as long as a component is there. */
export function useKeys(keys: Keys): void {
  const bound = useRef(keys);
  bound.current = keys;
  useEffect(() => {
    active.push(bound);
    return () => void active.splice(active.indexOf(bound), 1);
  }, []);
}
