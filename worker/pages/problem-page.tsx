import type { MiddlewareHandler } from "hono";
import type { Texts } from "../../shared/texts.ts";
import type { App } from "../app.ts";
import { textsIn } from "../languages.ts";
import { wantedLocales } from "./accept-language.ts";
import { Notice } from "./notice.tsx";
import { sendPage } from "./page.tsx";

const sentences: Record<number, keyof Texts> = { 404: "unknownLink", 410: "expired", 413: "tooLong" };

/** Who opens a link of a mail sees one sentence in their language, and not JSON. */
export const problemsAsPages: MiddlewareHandler<App> = async (c, next) => {
  await next();
  const { status, headers } = c.res;
  if (headers.get("content-type") === "application/problem+json") {
    const known = headers.get("content-language");
    const wanted = known ? [known] : wantedLocales(c.req.header("accept-language"));
    const { locale, texts } = await textsIn(c.env.ASSETS, wanted);
    const sentence = texts[sentences[status] ?? "later"];
    c.res = await sendPage(<Notice {...{ locale, direction: texts.direction, sentence }} />, { status });
  }
  c.header("x-robots-tag", "noindex");
  c.header("referrer-policy", "no-referrer");
  c.header("x-frame-options", "DENY");
  c.header("cache-control", "no-store");
};
