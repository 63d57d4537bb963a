import { useEffect, useId, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { signOut } from "../api/session.ts";
import { at, page } from "../page.ts";
import type { default as FindTouchpoints, Found } from "../touchpoint/find.tsx";
import { type Key, kindTag, say, t } from "../words.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";
import { Combo } from "./key-sheet.tsx";
import { type Act, items, keysOpen, paletteOpen, places, viewActs } from "./places.ts";
import { nextScheme, scheme } from "./scheme.ts";
import { toast } from "./toasts.tsx";

interface Option extends Act {
  keys?: string;
  /** Where several may have one name. */
  id?: string;
}

interface Section {
  title: Key;
  options: readonly Option[];
}

/** More than one looks through: the next letter finds the rest. */
const maxShown = 12;
const touchpointName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const close = () => {
  paletteOpen.value = false;
};

/** The touchpoints of the page; where they are too many to carry, those that were found last. */
function touchpointsFor(wanted: string, { by, touchpoints }: Found): Found["touchpoints"] {
  if (page.touchpoints)
    return page.touchpoints.map(({ name, kind }) => ({ name, more: kind ? kindTag(kind) : "" }));
  if (!touchpointName.test(wanted)) return [];
  // Until it is known which there are, a name that could be one leads there.
  const isKnown = by === wanted || touchpoints.some(({ name }) => name.startsWith(wanted));
  return isKnown ? touchpoints : [{ name: wanted, more: "" }, ...touchpoints];
}

/** All that the palette offers, by what was typed. */
function sectionsFor(wanted: string, found: Found, go: (url: string) => void) {
  const all: Section[] = [
    {
      title: "keys.go",
      options: [
        ...places.map(({ name, path, icon, key }) => ({
          name: t(name),
          icon,
          keys: `G ${key.toUpperCase()}`,
          run: () => go(at(path)),
        })),
        ...items.map(({ name, path, icon }) => ({
          name: t(name),
          icon,
          more: t("settings"),
          run: () => go(at(path)),
        })),
      ],
    },
    {
      title: "touchpoints",
      options: touchpointsFor(wanted, found).map((one) => ({
        ...one,
        icon: "place",
        run: () => go(at(`/touchpoints/${one.name}`)),
      })),
    },
    {
      title: "do",
      options: [
        ...viewActs.value,
        { name: t("scheme"), more: t(`scheme.${scheme.value}`), icon: "moon", run: nextScheme },
        { name: t("keys.these"), icon: "keys", keys: "?", run: () => (keysOpen.value = true) },
        {
          name: t("sign-out"),
          icon: "leave",
          run: () => signOut().catch(() => toast(t("failed.unreached"))),
        },
      ],
    },
    {
      title: "workspaces",
      options: page.workspaces
        .filter(({ id }) => id !== page.workspace.id)
        // Another workspace is another page: its data come with it.
        .map(({ id, name }) => ({ id, name, icon: "switch", run: () => location.assign(`/app/w/${id}`) })),
    },
  ];
  return all
    .map(({ title, options }) => ({
      title,
      options: options
        .filter(({ name }) => name.toLowerCase().includes(wanted))
        .slice(0, maxShown)
        .map((option) => ({ ...option, mark: `${title} ${option.id ?? option.name}` })),
    }))
    .filter(({ options }) => options.length > 0);
}

/** Finds places and acts by a few letters. */
export const Palette = () => (
  <Dialog class="palette" title={t("find")} open={paletteOpen.value} close={close} bare>
    <Finder />
  </Dialog>
);

function Finder() {
  const { route } = useLocation();
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<Found>({ by: "", touchpoints: [] });
  const [Find, setFind] = useState<typeof FindTouchpoints | null>(null);
  // By what tells it from the others: what is found arrives above what was marked.
  const [marked, setMarked] = useState("");
  const id = useId();
  useEffect(() => {
    if (!page.touchpoints)
      void import("../touchpoint/find.tsx").then((loaded) => setFind(() => loaded.default));
  }, []);
  const wanted = typed.trim().toLowerCase();
  const sections = sectionsFor(wanted, found, route);
  const options = sections.flatMap((section) => section.options);
  const current = Math.max(
    0,
    options.findIndex(({ mark }) => mark === marked),
  );
  const run = (option: Option | undefined) => {
    if (!option) return;
    // First, since closing gives the focus back to where it was.
    close();
    option.run();
  };
  const move = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") run(options[current]);
    if (!by || options.length === 0) return;
    event.preventDefault();
    const next = (current + by + options.length) % options.length;
    setMarked(options[next]?.mark ?? "");
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <div class="ask">
        <Icon name="find" />
        <input
          autofocus
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={options.length > 0 ? `${id}-${current}` : undefined}
          aria-label={t("find")}
          placeholder={t("find.what")}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setMarked("");
          }}
          onKeyDown={move}
        />
        <kbd>esc</kbd>
      </div>
      <div id={id} class="found" role="listbox" aria-label={t("find.results")}>
        {sections.map(({ title, options: some }) => [
          <div key={title} role="presentation" class="head">
            {t(title)}
          </div>,
          ...some.map((option) => {
            const index = options.indexOf(option);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: it is reached by aria-activedescendant.
              <div
                key={option.mark}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === current}
                onClick={() => run(option)}
              >
                <Icon name={option.icon} />
                <bdi class="clip">{option.name}</bdi>
                <span class="more">{option.more}</span>
                {option.keys && <Combo keys={option.keys} />}
              </div>
            );
          }),
        ])}
      </div>
      <p class={options.length > 0 ? "unseen" : "none"} role="status">
        {options.length > 0 ? say("find.count", { n: options.length }) : t("find.none")}
      </p>
      {Find && <Find wanted={touchpointName.test(wanted) ? wanted : ""} most={maxShown} found={setFound} />}
      <div class="keys" aria-hidden="true">
        <span>
          <Combo keys="↑ ↓" /> {t("find.move")}
        </span>
        <span>
          <Combo keys="↵" /> {t("find.open")}
        </span>
        <span>
          <Combo keys="?" /> {t("find.keys")}
        </span>
      </div>
    </>
  );
}
