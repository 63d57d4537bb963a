import { render } from "preact";
import { LocationProvider, useLocation } from "preact-iso/router";
import { Expired } from "./frame/expired.tsx";
import { KeySheet } from "./frame/key-sheet.tsx";
import { useKeys } from "./frame/keys.ts";
import { Nav, Tabs } from "./frame/nav.tsx";
import { Palette } from "./frame/palette.tsx";
import { keysOpen, paletteOpen, places } from "./frame/places.ts";
import { showScheme } from "./frame/scheme.ts";
import { Toasts, undoLast } from "./frame/toasts.tsx";
import { at } from "./page.ts";
import { Views } from "./routes.tsx";
import { type Language, speak, t } from "./words.tsx";

/** Only the page's language travels. */
const languages: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {
  en: () => import("./words/en.json"),
  de: () => import("./words/de.json"),
  ar: () => import("./words/ar.json"),
};

const Frame = () => {
  const { route } = useLocation();
  useKeys({
    "mod k": () => {
      paletteOpen.value = true;
    },
    "mod z": undoLast,
    "?": () => {
      keysOpen.value = true;
    },
    ...Object.fromEntries(places.map(({ key, path }) => [`g ${key}`, () => route(at(path))])),
  });
  return (
    <>
      <a class="skip" href="#main">
        {t("skip")}
      </a>
      <Nav />
      <Views />
      <Tabs />
      <Palette />
      <KeySheet
        open={keysOpen.value}
        close={() => {
          keysOpen.value = false;
        }}
      />
      <Expired />
      <Toasts />
    </>
  );
};

const { lang } = document.documentElement;
const language = await (languages[lang] ?? languages.en)?.();
// The reader's own variety of the language, such as en-GB: it decides how dates are written.
const own = navigator.languages.find((tag) => tag === lang || tag.startsWith(`${lang}-`));
// The build makes a `Language` of each file (scripts/build/build-dashboard.ts).
speak(language?.default as Language, own ?? lang);
showScheme();
// `/app` alone leads to the workspace that the page is of.
if (!location.pathname.startsWith("/app/w/")) history.replaceState(null, "", at("") + location.search);
const root = document.getElementById("app");
if (root)
  render(
    <LocationProvider scope={/^\/app\/w\//}>
      <Frame />
    </LocationProvider>,
    root,
  );
