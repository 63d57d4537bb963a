import type { Context, Hono } from "hono";
import { raw } from "hono/html";
import type {
  DashboardFiles,
  PageData,
  PageSurvey,
  PageTouchpoint,
} from "../../../shared/contract/dashboard.ts";
import { closestTag } from "../../../shared/surveys/locales.ts";
import type { Database } from "../../db/database.ts";
import type { App } from "../../environment.ts";
import { wantedLocales } from "../../html/accept-language.ts";
import { pageHeaders, sendPage } from "../../html/page.tsx";
import { openEndpoint } from "../../http/endpoint.ts";
import { listSurveys } from "../../surveys/db/surveys.ts";
import { listTouchpoints } from "../../surveys/db/touchpoints.ts";
import { languageOf } from "../../surveys/languages.ts";
import { presentSurvey } from "../../surveys/wording.ts";

/** Who opens the page, and what of. */
interface Visitor {
  member: { name: string; locale?: string };
  workspace: { ref: number; id: string; name: string; timeZone: string };
  workspaces: { id: string; name: string }[];
}

/** More than this many in a workspace are not listed in the page, but found by their names. */
const maxListed = 200;
/** Nor more bytes than this, of touchpoints and surveys together. */
const maxBytes = 45_000;

const bytesOf = (data: unknown) => new TextEncoder().encode(JSON.stringify(data)).length;

/** Rows of a workspace, archived ones left out; null: more than are listed. */
async function listed<Row extends { archivedAt: number | null }>(
  read: (db: Database, workspace: number, after: string, limit: number) => Promise<Row[]>,
  db: Database,
  workspace: number,
): Promise<Row[] | null> {
  const rows = await read(db, workspace, "", maxListed + 1);
  return rows.length > maxListed ? null : rows.filter(({ archivedAt }) => archivedAt === null);
}

/** What the page carries, so that no view has to ask for it. */
async function pageData(c: Context<App>, { member, workspace, workspaces }: Visitor): Promise<PageData> {
  const { db } = c.var;
  const [touchpointRows, surveyRows] = await Promise.all([
    listed(listTouchpoints, db, workspace.ref),
    listed(listSurveys, db, workspace.ref),
  ]);
  const surveys =
    surveyRows &&
    (await Promise.all(
      surveyRows.map(async (row): Promise<PageSurvey> => {
        const { question } = presentSurvey(row, await languageOf(c.env.ASSETS, row, [])).texts;
        const scale = { min: row.scaleMin, max: row.scaleMax };
        return { id: row.id, name: row.name, kind: row.kind, question, scale };
      }),
    ));
  const touchpoints =
    touchpointRows
      ?.toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(
        ({ name, survey, createdAt }): PageTouchpoint => ({
          name,
          kind: surveyRows?.find(({ id }) => id === survey)?.kind ?? null,
          survey,
          since: new Date(createdAt).toISOString(),
        }),
      ) ?? null;
  const { id, name, timeZone } = workspace;
  const data = { member: { name: member.name }, workspace: { id, name, timeZone }, workspaces };
  if (bytesOf([touchpoints, surveys]) <= maxBytes) return { ...data, touchpoints, surveys };
  return { ...data, touchpoints: null, surveys: null };
}

/** The languages that the dashboard is worded in, and how they are written. */
const directions = { en: "ltr", de: "ltr", ar: "rtl" } as const;

type Language = keyof typeof directions;
const isLanguage = (tag: string | undefined): tag is Language => tag !== undefined && tag in directions;

/** The member's own language, else the first that the browser wants and the dashboard has. */
function languageFor(c: Context<App>, { locale }: Visitor["member"]): Language {
  for (const wanted of [locale ?? [], wantedLocales(c.req.header("accept-language"))].flat()) {
    const tag = closestTag(wanted, Object.keys(directions));
    if (isLanguage(tag)) return tag;
  }
  return "en";
}

/** Nothing from elsewhere, no inline script or style, and no string that becomes script. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** In an element of script, `</script>` would end it, and `<!--` change what follows. */
const embedded = (data: PageData) => JSON.stringify(data).replaceAll("<", "\\u003c");

/**
 * The dashboard's page. `visitorOf` finds who opens it, and answers in their place where nobody may: it sends them to
 * sign in.
 */
export function dashboardPage(
  app: Hono<App>,
  visitorOf: (c: Context<App>) => Promise<Visitor | Response>,
): void {
  for (const path of ["/app", "/app/*"])
    openEndpoint(
      app,
      {
        method: "get",
        path,
        summary: "The dashboard",
        answers: { 200: { description: "The page", page: true } },
      },
      async (c) => {
        const visitor = await visitorOf(c);
        if (visitor instanceof Response) return visitor;
        const [data, files] = await Promise.all([pageData(c, visitor), filesOf(c)]);
        const language = languageFor(c, visitor.member);
        const headers = { ...pageHeaders(), "content-security-policy": policy };
        const at = c.req.path.includes("/touchpoints/") ? "touchpoint" : "home";
        return sendPage(<Dashboard {...{ data, files, language, at }} />, { headers });
      },
    );
}

/** Which files today's build has. */
async function filesOf(c: Context<App>): Promise<DashboardFiles> {
  const answer = await c.env.ASSETS.fetch(new URL("/assets/dashboard/files.json", c.req.url));
  return answer.json();
}

interface DashboardProps {
  data: PageData;
  files: DashboardFiles;
  language: Language;
  at: keyof DashboardFiles["views"];
}

const Dashboard = ({ data, files, language, at }: DashboardProps) => (
  <html lang={language} dir={directions[language]}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${data.workspace.name} · Candor`}</title>
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href={files.style} />
      <script type="module" src={files.script} />
      {[...files.preload, ...files.views[at], files.words[language] ?? ""].map((href) => (
        <link rel="modulepreload" href={href} />
      ))}
    </head>
    <body>
      <div id="app" />
      <script type="application/json" id="page">
        {raw(embedded(data))}
      </script>
    </body>
  </html>
);
