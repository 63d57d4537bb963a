import { type Key, t } from "../words.tsx";
import { Dialog } from "./dialog.tsx";
import { setSingleKeys, singleKeys } from "./keys.ts";

/** What each key does, in the order in which one looks for it. */
const groups: readonly (readonly [title: Key, keys: readonly (readonly [what: Key, keys: string])[]])[] = [
  [
    "keys.anywhere",
    [
      ["find", "⌘ K"],
      ["keys.these", "?"],
      ["keys.undo", "⌘ Z"],
      ["keys.back", "esc"],
    ],
  ],
  [
    "keys.go",
    [
      ["home", "G H"],
      ["gallery", "G S"],
      ["settings", "G ,"],
    ],
  ],
  [
    "keys.scores",
    [
      ["keys.periods", "1 2 3"],
      ["keys.compare", "P"],
      ["keys.step", "← →"],
      ["keys.table", "T"],
    ],
  ],
];

const mac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** Keys as they are printed on the keyboard at hand. */
export const Combo = ({ keys }: { keys: string }) => (
  <bdi class="combo" dir="ltr">
    {keys.split(" ").map((key) => (
      <kbd key={key}>{key === "⌘" && !mac ? "Ctrl" : key}</kbd>
    ))}
  </bdi>
);

export const KeySheet = ({ open, close }: { open: boolean; close: () => void }) => (
  <Dialog class="keysheet" title={t("keys")} open={open} close={close}>
    <div class="groups">
      {groups.map(([title, keys]) => (
        <section key={title}>
          <h3>{t(title)}</h3>
          <ul>
            {keys.map(([what, combo]) => (
              <li key={what}>
                <span>{t(what)}</span>
                <Combo keys={combo} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
    <label class="check">
      <input
        type="checkbox"
        checked={singleKeys.value}
        onChange={({ currentTarget }) => setSingleKeys(currentTarget.checked)}
      />
      {t("keys.single")}
    </label>
  </Dialog>
);
