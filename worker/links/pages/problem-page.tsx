import type { MiddlewareHandler } from "hono";
import type { Texts } from "../../../shared/surveys/texts.ts";
import type { App } from "../../environment.ts";
import { wantedLocales } from "../../html/accept-language.ts";
import { Notice } from "../../html/notice.tsx";
import { sendPage } from "../../html/page.tsx";
import { textsIn } from "../../surveys/languages.ts";

const sentences: Record<number, keyof Texts> = { 404: "unknownLink", 410: "expired", 413: "tooLong" };

/** Whoever opens a mail's link sees one sentence in their language, not JSON. */
export const problemsAsPages: MiddlewareHandler<App> = async (c, next) => {
  await next();
  const { status, headers } = c.res;
  if (headers.get("content-type") === "application/problem+json") {
    const known = headers.get("content-language");
    const wanted = known ? [known] : wantedLocales(c.req.header("accept-language"));
    const { locale, texts } = await textsIn(c.env.ASSETS, wanted);
    const sentence = texts[sentences[status] ?? "later"];
    const notice = <Notice locale={locale} direction={texts.direction} sentence={sentence} />;
    c.res = await sendPage(notice, { status });
  }
  c.header("x-robots-tag", "noindex");
  c.header("referrer-policy", "no-referrer");
  c.header("x-frame-options", "DENY");
  c.header("cache-control", "no-store");
};
