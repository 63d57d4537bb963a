import type { Hono } from "hono";
import type * as z from "zod";
import { PageQuery, pageOf } from "../../../shared/contract/fields.ts";
import { SavedSurvey, Survey, SurveyInput, SurveyPatch } from "../../../shared/contract/surveys/surveys.ts";
import { KINDS, type Kind, type Scale } from "../../../shared/surveys/kinds.ts";
import { actOf } from "../../audit/act.ts";
import { Cache } from "../../cache.ts";
import { fromJson, toJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull, list } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { newId } from "../../secrets/ids.ts";
import {
  archiveSurvey,
  findSurvey,
  insertSurvey,
  listSurveys,
  type NewSurvey,
  updateSurvey,
} from "../db/surveys.ts";
import { flowErrors, flowOf, flowWarnings } from "../follow-up.ts";

const surveyJson = (row: NewSurvey): z.input<typeof Survey> => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  scale: { min: row.scaleMin, max: row.scaleMax },
  satisfied_from: row.satisfiedFrom,
  subject: row.subject,
  locale: row.locale,
  ...flowOf(row),
  theme: fromJson(row.theme),
  created_at: new Date(row.createdAt).toISOString(),
  archived_at: instantOrNull(row.archivedAt),
});

const savedJson = (row: NewSurvey): z.input<typeof SavedSurvey> => {
  const warnings = flowWarnings(row, flowOf(row));
  return { ...surveyJson(row), ...(warnings.length > 0 && { warnings }) };
};

/**
 * Throws a 422 for what does not fit the survey's kind and scale. Each part is checked against these two alone. They
 * never change, so changing one part cannot invalidate another.
 */
function checkFlow(row: NewSurvey): void {
  const errors = flowErrors(row, flowOf(row));
  if (errors.length > 0) throw new Problem("invalid-input", { errors });
}

/** The columns as they are stored. */
const flowColumns = ({ texts, steps, thanks, theme }: z.output<typeof SurveyPatch>) => ({
  ...(texts && { texts: toJson(texts) }),
  ...(steps !== undefined && { steps: steps && toJson(steps) }),
  ...(thanks && { thanks: toJson(thanks) }),
  ...(theme !== undefined && { theme: theme && toJson(theme) }),
});

/** The kind's scale that ends at `max`, or its default. Throws a 422 where there is none. */
function scaleOf(kind: Kind, max: number | undefined): Scale {
  if (max === undefined) return kind.scales[0];
  const scale = kind.scales.find((candidate) => candidate.max === max);
  if (scale) return scale;
  const offered = kind.scales.map((candidate) => candidate.max).join(", ");
  throw Problem.field("/scale_max", `must be ${offered} for this kind`);
}

function topOf(kind: Kind, scale: Scale, satisfiedFrom: number | undefined): number | null {
  if (satisfiedFrom === undefined) return null;
  if (!kind.topMovable) throw Problem.field("/satisfied_from", "this kind's buckets are fixed");
  if (satisfiedFrom > scale.min && satisfiedFrom <= scale.max) return satisfiedFrom;
  throw Problem.field("/satisfied_from", `must be from ${scale.min + 1} to ${scale.max}`);
}

export function surveyRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/surveys",
      access: "read",
      summary: "List the surveys, oldest first",
      query: PageQuery,
      answers: { 200: { description: "A page of surveys", schema: pageOf(Survey) } },
    },
    async ({ c, caller, query }) =>
      json(c, await list(c, caller, query, { prefix: "srv", read: listSurveys, toJson: surveyJson })),
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/surveys",
      access: "write",
      summary: "Create a survey",
      body: SurveyInput,
      answers: { 201: { description: "The new survey", schema: SavedSurvey } },
    },
    async ({ c, caller, body }) => {
      const kind = KINDS[body.kind];
      if (!kind) throw Problem.field("/kind", "is not a kind");
      const scale = scaleOf(kind, body.scale_max);
      const survey = {
        id: newId("srv"),
        name: body.name,
        kind: body.kind,
        scaleMin: scale.min,
        scaleMax: scale.max,
        satisfiedFrom: topOf(kind, scale, body.satisfied_from),
        subject: body.subject,
        locale: body.locale,
        look: body.look,
        texts: toJson({}),
        steps: null,
        thanks: toJson([]),
        theme: null,
        ...flowColumns(body),
        createdAt: c.var.now,
        archivedAt: null,
      };
      checkFlow(survey);
      await insertSurvey(c.var.db, caller.workspace, survey, actOf(c, caller, "survey.created", survey.id));
      return json(c, savedJson(survey), 201);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/surveys/:survey",
      access: "read",
      summary: "Read a survey",
      answers: { 200: { description: "The survey", schema: Survey } },
    },
    async ({ c, caller, param }) => {
      const row = orNotFound(await findSurvey(c.var.db, caller.workspace, param("survey")));
      return json(c, surveyJson(row));
    },
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/surveys/:survey",
      access: "write",
      summary:
        "Change a survey's wording, look, theme, steps or thanks; pages follow within two minutes. Kind and scale stay, because ratings were given on them",
      body: SurveyPatch,
      answers: { 200: { description: "The changed survey", schema: SavedSurvey } },
    },
    async ({ c, caller, param, body }) => {
      const row = orNotFound(await findSurvey(c.var.db, caller.workspace, param("survey")));
      const { name, subject, locale, look } = body;
      const flow = { ...(look !== undefined && { look }), ...flowColumns(body) };
      checkFlow({ ...row, ...flow });
      const given = { name, subject, locale, ...flow };
      const act = actOf(c, caller, "survey.changed", row.id);
      const changed = orNotFound(await updateSurvey(c.var.db, caller.workspace, row.id, given, act));
      Cache.forget("offered");
      return json(c, savedJson(changed));
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/surveys/:survey",
      access: "write",
      summary: "Archive a survey for good: it is asked no more, its responses and scores stay",
      answers: { 200: { description: "The archived survey", schema: Survey } },
    },
    async ({ c, caller, param }) => {
      const act = actOf(c, caller, "survey.archived", param("survey"));
      const archived = orNotFound(
        await archiveSurvey(c.var.db, caller.workspace, param("survey"), c.var.now, act),
      );
      Cache.forget("offered");
      return json(c, surveyJson(archived));
    },
  );
}
