import type { Context } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { DashboardFiles, PageFiles } from "../../shared/contract/dashboard.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import type { App } from "../environment.ts";
import { wantedLocales } from "../html/accept-language.ts";
import { pageHeaders, sendPage } from "../html/page.tsx";

/** The languages that the dashboard is worded in, and how they are written. */
const directions = { en: "ltr", de: "ltr", ar: "rtl" } as const;

type Language = keyof typeof directions;
const isLanguage = (tag: string | undefined): tag is Language => tag !== undefined && tag in directions;

/** The member's own language, else the first that the browser wants and the dashboard has. */
export function languageFor(c: Context<App>, own: string | null): Language {
  for (const wanted of [own ?? [], wantedLocales(c.req.header("accept-language"))].flat()) {
    const tag = closestTag(wanted, Object.keys(directions));
    if (isLanguage(tag)) return tag;
  }
  return "en";
}

/** Which files today's build has. */
export async function filesOf(c: Context<App>): Promise<DashboardFiles> {
  const answer = await c.env.ASSETS.fetch(new URL("/assets/dashboard/files.json", c.req.url));
  return answer.json();
}

interface ShellProps {
  title: string;
  language: Language;
  files: PageFiles;
  /** Cloudflare Access may have let this browser in, so that the page asks for a session at once. */
  byAccess?: boolean;
  children?: unknown;
}

/** The HTML around a page that a script draws. */
export const Shell = ({ title, language, files, byAccess, children }: ShellProps) => (
  <html lang={language} dir={directions[language]}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      <meta name="color-scheme" content="light dark" />
      <title>{title}</title>
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href={files.style} />
      <script type="module" src={files.script} />
      {[...files.preload, files.words[language] ?? ""].map((href) => (
        <link rel="modulepreload" href={href} />
      ))}
    </head>
    <body>
      <div id="app" data-by-access={byAccess ? "" : undefined} />
      {children}
    </body>
  </html>
);

/** Nothing from elsewhere, no inline script or style, and no string that becomes script. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export const sendScripted = (page: JSX.Element, status = 200): Promise<Response> =>
  sendPage(page, { status, headers: { ...pageHeaders(), "content-security-policy": policy } });
