import { useLocation } from "preact-iso/router";
import { at, page } from "../page.ts";
import { kindTag, t } from "../words.tsx";
import { Icon, Mark } from "./icons.tsx";
import { Combo } from "./key-sheet.tsx";
import { memberName, paletteOpen, places } from "./places.ts";

/** Beyond this many a list is no help: they are found by name. */
const maxListed = 30;

const openPalette = () => {
  paletteOpen.value = true;
};

const initials = (name: string) =>
  name
    .split(/\s+/)
    // By letter, of which some are two units of UTF-16.
    .map((part) => [...part][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

/** Whose something is, at a glance. The name stands beside it. */
export const Avatar = ({ name }: { name: string }) => (
  <span class="avatar" aria-hidden="true">
    {initials(name)}
  </span>
);

const Links = () => {
  const { path } = useLocation();
  const here = (to: string) => {
    if (path === to) return "page";
    const below = to === at("") ? at("/touchpoints") : to;
    return path.startsWith(`${below}/`) ? true : undefined;
  };
  return places.map(({ name, path: to, icon }) => (
    <a key={name} href={at(to)} aria-current={here(at(to))}>
      <Icon name={icon} />
      {t(name)}
    </a>
  ));
};

/** The side of wide screens. */
export const Nav = () => {
  const { path } = useLocation();
  const { workspace, touchpoints } = page;
  return (
    <nav class="side" aria-label={t("main")}>
      <button
        class="space"
        type="button"
        onClick={openPalette}
        aria-label={t("workspace.switch", { name: workspace.name })}
      >
        <Mark />
        <span class="clip grow">{workspace.name}</span>
        <Icon name="open" />
      </button>
      <button class="find" type="button" onClick={openPalette}>
        <Icon name="find" />
        <span class="grow">{t("find")}</span>
        <Combo keys="⌘ K" />
      </button>
      <Links />
      {touchpoints && touchpoints.length <= maxListed && (
        <>
          <h2>{t("touchpoints")}</h2>
          {touchpoints.map(({ name, kind }) => {
            const to = at(`/touchpoints/${name}`);
            return (
              <a key={name} href={to} aria-current={path === to ? "page" : undefined}>
                <bdi class="clip">{name}</bdi>
                {kind && <span class="num">{kindTag(kind)}</span>}
              </a>
            );
          })}
        </>
      )}
      <div class="foot">
        <a href="/docs">
          <Icon name="code" />
          {t("reference")}
        </a>
        <a href={at("/settings/account")}>
          <Avatar name={memberName.value} />
          <bdi class="clip">{memberName.value}</bdi>
        </a>
      </div>
    </nav>
  );
};

/** The bottom of narrow ones. One place alone needs no tabs: the mark leads to all else. */
export const Tabs = () =>
  places.length > 1 ? (
    <nav class="tabs" aria-label={t("main")}>
      <Links />
    </nav>
  ) : null;
