import type { Hono } from "hono";
import type { App } from "../app.ts";
import { badgePicture } from "./badge.tsx";
import { figurePage } from "./figure.tsx";
import { homePage } from "./home.tsx";
import { surveyLinkPage } from "./survey-link.tsx";
import { unsubscribePage } from "./unsubscribe.tsx";

/** The server-rendered pages. */
export function pageRoutes(app: Hono<App>): void {
  surveyLinkPage(app);
  unsubscribePage(app);
  homePage(app);
  badgePicture(app);
  figurePage(app);
}
