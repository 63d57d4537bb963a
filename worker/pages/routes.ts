import type { Hono } from "hono";
import type { App } from "../app.ts";
import { badgePicture } from "./badge.tsx";
import { demoPage } from "./demo.tsx";
import { figurePage } from "./figure.tsx";
import { homePage } from "./home.tsx";
import { mailboxPages } from "./mailbox.tsx";
import { surveyLinkPage } from "./survey-link.tsx";
import { unsubscribePage } from "./unsubscribe.tsx";
import { wayPages } from "./way.tsx";

/** The server-rendered pages. */
export function pageRoutes(app: Hono<App>): void {
  surveyLinkPage(app);
  unsubscribePage(app);
  homePage(app);
  demoPage(app);
  // Before the ways, of which it is none.
  mailboxPages(app);
  wayPages(app);
  badgePicture(app);
  figurePage(app);
}
