import type { FunctionComponent } from "preact";
import lazy from "preact-iso/lazy";
import { Route, Router } from "preact-iso/router";
import { at } from "./page.ts";
import sheet from "./touchpoint/touchpoint.css";

/** A sheet of one view. It is awaited with the view, which would otherwise be drawn bare for a moment. */
function withSheet(href: string): Promise<void> {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((resolve) => {
    // A view without its sheet is still a view.
    link.onload = link.onerror = () => resolve();
  });
}

/**
 * Loads a view when it is first opened. A deployment may have taken its file away since: the address then is loaded as a
 * new page, which has today's files.
 */
const view = (load: () => Promise<{ default: FunctionComponent }>, href?: string) =>
  lazy(async () => {
    const [loaded] = await Promise.all([load(), href && withSheet(href)]).catch((error: unknown) => {
      // Once for an address: a file that is missing from today's build too would load the page for ever.
      if (sessionStorage.getItem("loaded-anew") === location.href) throw error;
      sessionStorage.setItem("loaded-anew", location.href);
      location.reload();
      // The page is leaving: nothing is drawn any more.
      return new Promise<never>(() => {});
    });
    return loaded;
  });

const Home = view(() => import("./home/home.tsx"));
const Touchpoint = view(() => import("./touchpoint/touchpoint.tsx"), sheet);

/** The views by their addresses. What is none of them leads home. */
export const Views = () => (
  <Router>
    <Route path={at("/touchpoints/:name")} component={Touchpoint} />
    <Route default component={Home} />
  </Router>
);
