import type { Context, Hono } from "hono";
import { raw } from "hono/html";
import type {
  DashboardView,
  PageData,
  PageSurvey,
  PageTouchpoint,
} from "../../../shared/contract/dashboard.ts";
import type { Role } from "../../../shared/contract/members/members.ts";
import type { Database } from "../../db/database.ts";
import type { App } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { hasResponses } from "../../responses/db/responses.ts";
import { secretsOf } from "../../secrets/secrets.ts";
import { listSurveys } from "../../surveys/db/surveys.ts";
import { listTouchpoints } from "../../surveys/db/touchpoints.ts";
import { languageOf } from "../../surveys/languages.ts";
import { presentSurvey } from "../../surveys/wording.ts";
import { shownKey } from "../../workspaces/shown-key.ts";
import { filesOf, languageFor, Shell, sendScripted } from "../shell.tsx";
import { sendSignIn } from "./sign-in.tsx";

/** Who opens the page, and what of. */
interface Visitor {
  member: { id: string; name: string; locale: string | null; timeZone: string | null };
  role: Role;
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
async function pageData(
  c: Context<App>,
  { member, role, workspace, workspaces }: Visitor,
): Promise<PageData> {
  const { db } = c.var;
  const [touchpointRows, surveyRows, key, answered] = await Promise.all([
    listed(listTouchpoints, db, workspace.ref),
    listed(listSurveys, db, workspace.ref),
    shownKey(db, secretsOf(c.env), workspace.ref),
    hasResponses(db, workspace.ref),
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
        ({ name, survey, createdAt, sample }): PageTouchpoint => ({
          name,
          kind: surveyRows?.find(({ id }) => id === survey)?.kind ?? null,
          survey,
          since: new Date(createdAt).toISOString(),
          ...(sample === 1 && { sample: true }),
        }),
      ) ?? null;
  const { id, name, timeZone } = workspace;
  const data = {
    member: { id: member.id, name: member.name, timeZone: member.timeZone },
    role,
    workspace: { id, name, timeZone },
    workspaces,
    key,
    answered,
  };
  if (bytesOf([touchpoints, surveys]) <= maxBytes) return { ...data, touchpoints, surveys };
  return { ...data, touchpoints: null, surveys: null };
}

/** The view that an address opens first. */
function viewAt(path: string): DashboardView {
  if (/\/touchpoints\/[^/]+\/install$/.test(path)) return "install";
  if (path.includes("/touchpoints/")) return "touchpoint";
  if (path.endsWith("/surveys/new")) return "gallery";
  for (const item of ["members", "audit", "account"] as const)
    if (path.endsWith(`/settings/${item}`)) return item;
  return "home";
}

/** In an element of script, `</script>` would end it, and `<!--` change what follows. */
const embedded = (data: PageData) => JSON.stringify(data).replaceAll("<", "\\u003c");

/**
 * The dashboard's page. `visitorOf` finds who opens it, and answers in their place where they have to go elsewhere first;
 * null: what they want is not there for them.
 */
export function dashboardPage(
  app: Hono<App>,
  visitorOf: (c: Context<App>) => Promise<Visitor | Response | null>,
): void {
  for (const path of ["/app", "/app/:view{.+}"])
    openEndpoint(
      app,
      {
        method: "get",
        path,
        summary: "The dashboard",
        answers: {
          200: { description: "The page", page: true },
          302: { description: "To sign in, or to the member's workspace" },
          404: { description: "There is no such workspace, or it is not the member's", page: true },
        },
      },
      async (c) => {
        const visitor = await visitorOf(c);
        if (visitor instanceof Response) return visitor;
        if (!visitor) return sendSignIn(c, 404);
        const [data, files] = await Promise.all([pageData(c, visitor), filesOf(c)]);
        const shell = {
          title: `${data.workspace.name} · Candor`,
          language: languageFor(c, visitor.member.locale),
          files: { ...files, preload: [...files.preload, ...files.views[viewAt(c.req.path)]] },
        };
        return sendScripted(
          <Shell {...shell}>
            <script type="application/json" id="page">
              {raw(embedded(data))}
            </script>
          </Shell>,
        );
      },
    );
}
