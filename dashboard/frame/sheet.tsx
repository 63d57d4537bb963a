import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Asked } from "../api/ask.ts";
import { liveness, tryNow } from "../api/stream.ts";
import type { Dates } from "../figures/model/dates.ts";
import { at, page } from "../page.ts";
import { say, t } from "../words.tsx";
import { Icon, Mark } from "./icons.tsx";
import { type Act, paletteOpen, viewActs } from "./places.ts";

interface LiveProps {
  of: Asked<unknown>;
  dates: Dates;
}

interface SheetProps {
  title: string;
  /** The view is below home, or below another one. */
  below?: boolean | { name: string; path: string };
  /** Beside the title. */
  tag?: ComponentChildren;
  /** What can be done here, shown and in the palette. */
  acts?: readonly Act[];
  /** What the view follows live, and how it writes times. Absent: nothing. */
  live?: LiveProps;
  children: ComponentChildren;
}

/** Whether a view has been shown yet: the first one leaves the focus where the browser put it. */
let opened = false;

/** The one sheet that a view is written on: its bar, the strip that says that it is not current, and the view. */
export function Sheet({ title, below = false, tag, acts = [], live, children }: SheetProps) {
  const main = useRef<HTMLElement>(null);
  const above = below === true ? { name: t("home"), path: "" } : below;
  useEffect(() => {
    document.title = `${title} · ${page.workspace.name} · Candor`;
    // Whoever hears the page is told its title, which names the region.
    if (opened) main.current?.focus({ preventScroll: true });
    opened = true;
  }, [title]);
  useEffect(() => {
    viewActs.value = acts;
  });
  return (
    <main class="sheet" id="main" tabIndex={-1} aria-labelledby="title" ref={main}>
      <header class="bar">
        <button
          class="markbtn"
          type="button"
          onClick={() => {
            paletteOpen.value = true;
          }}
          aria-label={t("find.in", { name: page.workspace.name })}
        >
          <Mark />
        </button>
        {above && (
          <nav class="crumb" aria-label={t("you-are-in")}>
            <a href={at(above.path)} aria-label={above.name}>
              <Icon name="back" turns />
              <span class="wide-only">{above.name}</span>
            </a>
            <Icon name="next" turns />
          </nav>
        )}
        <h1 class="clip" id="title">
          {title}
        </h1>
        {tag}
        <span class="grow" />
        {live && <Live {...live} />}
        {acts.map(({ name, icon, wide, run }) => (
          <button
            key={name}
            class={wide ? "btn wide-only" : "btn"}
            type="button"
            aria-label={name}
            onClick={run}
          >
            <Icon name={icon} />
            <span class="wide-only">{name}</span>
          </button>
        ))}
      </header>
      {live && <Strip {...live} />}
      <div class="page">{children}</div>
    </main>
  );
}

/** Down, while something is shown from before. */
const isStale = ({ data, failure }: Asked<unknown>) => data !== undefined && failure !== undefined;

const Live = ({ of, dates }: LiveProps) => {
  if (isStale(of))
    return (
      // On a phone the strip says it.
      <span class="live wide-only">
        <span class="dot warn" />
        <span>{say("live.as-of", { time: dates.time(of.at ?? 0) })}</span>
      </span>
    );
  if (liveness.value !== "live") return null;
  return (
    <span class="live">
      <span class="dot good" />
      {t("live")}
    </span>
  );
};

const Strip = ({ of, dates }: LiveProps) => (
  // Always there, so that a screen reader hears what comes into it.
  <div role="status">
    {isStale(of) && (
      <div class="strip">
        <Icon name="clock" />
        <span>{say("strip", { time: dates.time(of.at ?? 0) })}</span>
        <button class="btn plain" type="button" onClick={tryNow}>
          {t("strip.now")}
        </button>
      </div>
    )}
  </div>
);
