import { render } from "preact";
import { LocationProvider, useLocation } from "preact-iso/router";
import { openEarly } from "./api/stream.ts";
import { Expired } from "./frame/expired.tsx";
import { KeySheet } from "./frame/key-sheet.tsx";
import { useKeys } from "./frame/keys.ts";
import { Nav, Tabs } from "./frame/nav.tsx";
import { Palette } from "./frame/palette.tsx";
import { keysOpen, paletteOpen, places } from "./frame/places.ts";
import { showScheme } from "./frame/scheme.ts";
import { Toasts, undoLast } from "./frame/toasts.tsx";
import { streamOf, usual } from "./home/question.ts";
import { at } from "./page.ts";
import { Views } from "./routes.tsx";
import { readAddress } from "./shown/address.ts";
import { speakOneOf, t } from "./words.tsx";

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

// Home is opened most, and what it asks is known from its address.
if (location.pathname === at("") && !document.hidden)
  openEarly(streamOf(readAddress(location.search, usual), false));

await speakOneOf({
  en: () => import("./words/en.json"),
  de: () => import("./words/de.json"),
  ar: () => import("./words/ar.json"),
});
showScheme();
const root = document.getElementById("app");
if (root)
  render(
    <LocationProvider scope={/^\/app\/w\//}>
      <Frame />
    </LocationProvider>,
    root,
  );
