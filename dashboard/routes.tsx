import type { FunctionComponent } from "preact";
import lazy from "preact-iso/lazy";
import { Route, Router } from "preact-iso/router";
// What nearly every view uses comes with the page: by themselves they would be six more files of a kilobyte each.
import "./figures/model/dates.ts";
import "./figures/rating.tsx";
import "./frame/asked.tsx";
import "./frame/sheet.tsx";
import "./shown/pick.tsx";
import gallerySheet from "./gallery/gallery.css";
import installSheet from "./install/install.css";
import { at } from "./page.ts";
import settingsSheet from "./settings/settings.css";
import { setupWords } from "./setup/speak.ts";
import { withSheet } from "./sheets.ts";
import touchpointSheet from "./touchpoint/touchpoint.css";
import { speakAlso } from "./words.tsx";

/**
 * Loads a view when it is first opened. A deployment may have taken its file away since: the address then is loaded as a
 * new page, which has today's files.
 */
const view = (
  load: () => Promise<{ default: FunctionComponent }>,
  href?: string,
  words?: () => Promise<void>,
) =>
  lazy(async () => {
    const [loaded] = await Promise.all([load(), href && withSheet(href), words?.()]).catch(
      (error: unknown) => {
        // Once for an address: a file that is missing from today's build too would load the page for ever.
        if (sessionStorage.getItem("loaded-anew") === location.href) throw error;
        sessionStorage.setItem("loaded-anew", location.href);
        location.reload();
        // The page is leaving: nothing is drawn any more.
        return new Promise<never>(() => {});
      },
    );
    return loaded;
  });

const Home = view(() => import("./home/home.tsx"));
const Touchpoint = view(() => import("./touchpoint/touchpoint.tsx"), touchpointSheet);
const Install = view(() => import("./install/install.tsx"), installSheet, setupWords);
const Gallery = view(() => import("./gallery/gallery.tsx"), gallerySheet, setupWords);

/** The settings have many words, which home need not wait for. */
const settingsWords = () =>
  speakAlso({
    en: () => import("./settings/words/en.json"),
    de: () => import("./settings/words/de.json"),
    ar: () => import("./settings/words/ar.json"),
  });
const Settings = view(() => import("./settings/list.tsx"), settingsSheet, settingsWords);
const Members = view(() => import("./settings/members/members.tsx"), settingsSheet, settingsWords);
const Audit = view(() => import("./settings/audit/audit.tsx"), settingsSheet, settingsWords);
const Account = view(() => import("./settings/account/account.tsx"), settingsSheet, settingsWords);

/** The views by their addresses. What is none of them leads home. */
export const Views = () => (
  <Router>
    <Route path={at("/touchpoints/:name")} component={Touchpoint} />
    <Route path={at("/touchpoints/:name/install")} component={Install} />
    <Route path={at("/surveys/new")} component={Gallery} />
    <Route path={at("/settings")} component={Settings} />
    <Route path={at("/settings/members")} component={Members} />
    <Route path={at("/settings/audit")} component={Audit} />
    <Route path={at("/settings/account")} component={Account} />
    <Route default component={Home} />
  </Router>
);
