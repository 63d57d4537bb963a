import type { Hono } from "hono";
import { PageQuery, pageOf } from "../../../shared/contract/fields.ts";
import { SavedSurvey, Survey, SurveyInput, SurveyPatch } from "../../../shared/contract/surveys/surveys.ts";
import { KINDS, type Kind, type Scale } from "../../../shared/surveys/kinds.ts";
import { actOf } from "../../audit/act.ts";
import { Cache } from "../../cache.ts";
import { toJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { list } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { newId } from "../../secrets/ids.ts";
import { archiveSurvey, findSurvey, insertSurvey, listSurveys, updateSurvey } from "../db/surveys.ts";
import { asksColumns, checkFlow, savedJson, surveyJson } from "../survey-json.ts";

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
        ...asksColumns(body),
        version: 1,
        publishedAt: c.var.now,
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
        "Change a survey's wording, look, theme, steps or thanks, which makes a new version of it; pages follow within two minutes. Kind and scale stay, because ratings were given on them",
      body: SurveyPatch,
      answers: { 200: { description: "The changed survey", schema: SavedSurvey } },
    },
    async ({ c, caller, param, body }) => {
      const row = orNotFound(await findSurvey(c.var.db, caller.workspace, param("survey")));
      const changes = asksColumns(body);
      checkFlow({ ...row, ...changes });
      const given = { name: body.name, ...changes };
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
