import type { Hono } from "hono";
import type * as z from "zod";
import { pageOf } from "../../../shared/contract/fields.ts";
import type { PublicScoreSetting } from "../../../shared/contract/public-scores.ts";
import type { TouchpointRules } from "../../../shared/contract/surveys/rules.ts";
import {
  Touchpoint,
  TouchpointInput,
  TouchpointPatch,
  TouchpointsQuery,
} from "../../../shared/contract/surveys/touchpoints.ts";
import { actOf } from "../../audit/act.ts";
import { Cache } from "../../cache.ts";
import type { Database } from "../../db/database.ts";
import { fromJson, toJson } from "../../db/json.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull, list, pageBody, readCursor, refuseCursor } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { newId } from "../../secrets/ids.ts";
import { findSurvey } from "../db/surveys.ts";
import {
  archiveTouchpoint,
  findTouchpoint,
  insertTouchpoint,
  listTouchpoints,
  listTouchpointsNamed,
  type TouchpointRow,
  updateTouchpoint,
} from "../db/touchpoints.ts";

/** The rules for the API. They are stored as they were checked, with instants in unix ms. */
const rulesJson = ({ from, until, ...rules }: z.output<typeof TouchpointRules>) => ({
  ...rules,
  ...(from !== undefined && { from: new Date(from).toISOString() }),
  ...(until !== undefined && { until: new Date(until).toISOString() }),
});

const askingColumns = ({ show, automatic, rules }: z.output<typeof TouchpointPatch>) => ({
  ...(show !== undefined && { show: show && toJson(show) }),
  ...(automatic !== undefined && { automatic: Number(automatic) }),
  ...(rules && { rules: toJson(rules) }),
});

const touchpointJson = (row: TouchpointRow): z.input<typeof Touchpoint> => ({
  id: row.id,
  name: row.name,
  survey: row.survey,
  delay_seconds: row.delaySeconds,
  wait_days: row.waitDays,
  show: fromJson(row.show),
  automatic: row.automatic === 1,
  rules: rulesJson(fromJson(row.rules)),
  created_at: new Date(row.createdAt).toISOString(),
  archived_at: instantOrNull(row.archivedAt),
  sample: row.sample === 1,
  public_score:
    row.publicPeriod && row.publicThreshold
      ? { period: row.publicPeriod, threshold: row.publicThreshold }
      : null,
});

const publicScoreColumns = (setting: z.output<typeof PublicScoreSetting>) => ({
  publicPeriod: setting?.period ?? null,
  publicThreshold: setting?.threshold ?? null,
});

/** The ref of a survey's public id; null and undefined stay. Throws a 422. */
async function surveyRefOf<None extends null | undefined>(
  db: Database,
  caller: Caller,
  survey: string | None,
): Promise<number | None> {
  if (typeof survey !== "string") return survey;
  const found = await findSurvey(db, caller.workspace, survey);
  if (!found) throw Problem.field("/survey", "there is no such survey");
  if (found.sample) throw Problem.field("/survey", "belongs to the sample data, and goes with it");
  return found.ref;
}

export function touchpointRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/touchpoints",
      access: "read",
      summary: "List the touchpoints, oldest first, or find some by how their names begin",
      query: TouchpointsQuery,
      answers: { 200: { description: "A page of touchpoints", schema: pageOf(Touchpoint) } },
    },
    async ({ c, caller, query: { name_prefix: prefix, ...query } }) => {
      if (prefix === undefined) {
        const listing = { prefix: "tp", read: listTouchpoints, toJson: touchpointJson } as const;
        return json(c, await list(c, caller, query, listing));
      }
      const [after] = readCursor(query.cursor, /^name:([a-z0-9][a-z0-9._-]{0,63})$/);
      if (after !== undefined && !after.startsWith(prefix)) refuseCursor();
      const rows = await listTouchpointsNamed(c.var.db, caller.workspace, prefix, after, query.limit + 1);
      return json(
        c,
        pageBody(rows, query.limit, touchpointJson, ({ name }) => `name:${name}`),
      );
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/touchpoints",
      access: "write",
      summary: "Create a touchpoint",
      body: TouchpointInput,
      answers: { 201: { description: "The new touchpoint", schema: Touchpoint } },
    },
    async ({ c, caller, body }) => {
      await surveyRefOf(c.var.db, caller, body.survey);
      const touchpoint = {
        id: newId("tp"),
        name: body.name,
        survey: body.survey,
        delaySeconds: body.delay_seconds,
        waitDays: body.wait_days,
        createdAt: c.var.now,
        archivedAt: null,
        show: null,
        automatic: 0,
        rules: toJson({}),
        ...askingColumns(body),
        ...publicScoreColumns(body.public_score),
      };
      const act = actOf(c, caller, "touchpoint.created", body.name);
      const inserted = await insertTouchpoint(c.var.db, caller.workspace, touchpoint, act);
      if (!inserted) throw new Problem("conflict", { errors: [{ pointer: "/name", detail: "is taken" }] });
      Cache.forget("offered", "public-scores");
      return json(c, touchpointJson({ ...touchpoint, ref: 0, sample: 0 }), 201);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/touchpoints/:touchpoint",
      access: "read",
      summary: "Read a touchpoint, by its name",
      answers: { 200: { description: "The touchpoint", schema: Touchpoint } },
    },
    async ({ c, caller, param }) => {
      const row = orNotFound(await findTouchpoint(c.var.db, caller.workspace, param("touchpoint")));
      return json(c, touchpointJson(row));
    },
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/touchpoints/:touchpoint",
      access: "write",
      summary:
        "Change what is asked at a touchpoint, whom, when and how it is shown; pages follow within two minutes",
      body: TouchpointPatch,
      answers: { 200: { description: "The changed touchpoint", schema: Touchpoint } },
    },
    async ({ c, caller, param, body }) => {
      const name = param("touchpoint");
      const { sample } = orNotFound(await findTouchpoint(c.var.db, caller.workspace, name));
      // Its invented answers must neither be shown to the public nor meet real ones.
      if (sample) throw new Problem("conflict", { detail: "Sample data are as they are, and go as a whole" });
      const changed = orNotFound(
        await updateTouchpoint(
          c.var.db,
          caller.workspace,
          name,
          {
            surveyRef: await surveyRefOf(c.var.db, caller, body.survey),
            delaySeconds: body.delay_seconds,
            waitDays: body.wait_days,
            ...askingColumns(body),
            ...(body.public_score !== undefined && publicScoreColumns(body.public_score)),
          },
          actOf(c, caller, "touchpoint.changed", name),
        ),
      );
      Cache.forget("offered", "public-scores");
      return json(c, touchpointJson(changed));
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/touchpoints/:touchpoint",
      access: "write",
      summary: "Archive a touchpoint for good: nothing is asked there, its responses and scores stay",
      answers: { 200: { description: "The archived touchpoint", schema: Touchpoint } },
    },
    async ({ c, caller, param }) => {
      const act = actOf(c, caller, "touchpoint.archived", param("touchpoint"));
      const archived = orNotFound(
        await archiveTouchpoint(c.var.db, caller.workspace, param("touchpoint"), c.var.now, act),
      );
      Cache.forget("offered", "public-scores");
      return json(c, touchpointJson(archived));
    },
  );
}
