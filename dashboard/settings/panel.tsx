import type { ComponentChildren } from "preact";
import { type Dates, datesIn } from "../figures/model/dates.ts";
import { type Act, items } from "../frame/places.ts";
import { Sheet } from "../frame/sheet.tsx";
import { at, page } from "../page.ts";
import { locale, t } from "../words.tsx";

/** What a list of the API answers that has no pages. */
export interface List<Item> {
  data: Item[];
}

/** Something that has a name beside its id. */
export interface Named {
  id: string;
  name: string;
}

/** Dates in the member's own zone: nothing here is counted by the workspace's days. */
export const ownDates = (): Dates =>
  datesIn(locale(), page.member.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, Date.now());

interface PanelProps {
  item: (typeof items)[number]["name"];
  acts?: readonly Act[];
  children: ComponentChildren;
}

/** One page of the settings, beside the list of them. */
export const Panel = ({ item, acts = [], children }: PanelProps) => (
  <Sheet title={t(item)} below={{ name: t("settings"), path: "/settings" }} acts={acts}>
    <div class="settings">
      <nav class="subnav" aria-label={t("settings")}>
        {items.map(({ name, path }) => (
          <a key={name} href={at(path)} aria-current={name === item ? "page" : undefined}>
            {t(name)}
          </a>
        ))}
      </nav>
      <div class="panel">
        <p class="note">{t(`${item}.note`)}</p>
        {children}
      </div>
    </div>
  </Sheet>
);

interface PartProps {
  id: string;
  title: string;
  /** Beside the title. */
  act?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a page. Its title takes the focus when what had it is gone. */
export const Part = ({ id, title, act, children }: PartProps) => (
  <section class="section" aria-labelledby={id}>
    <header>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {act && <div>{act}</div>}
    </header>
    {children}
  </section>
);

/** Puts the focus on the title of a part. */
export const focusOn = (id: string): void => document.getElementById(id)?.focus();

/** Where there is nothing to say. */
export const None = () => (
  <>
    <span class="quiet" aria-hidden="true">
      –
    </span>
    <span class="unseen">{t("none")}</span>
  </>
);
