import type { Hono } from "hono";
import type * as z from "zod";
import { PageQuery, pageOf } from "../../../shared/contract/fields.ts";
import { SurveyVersion, SurveyVersionLine } from "../../../shared/contract/surveys/versions.ts";
import { fromJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { pageBody, readCursor } from "../../http/paging.ts";
import { orNotFound } from "../../http/problem.ts";
import { findSurvey } from "../db/surveys.ts";
import { findVersion, type ListedVersion, listVersions, type VersionRow } from "../db/versions.ts";
import { asksJson } from "../survey-json.ts";

const publication = ({ version, publishedAt, publishedBy }: Omit<ListedVersion, "changed">) => ({
  version,
  published_at: new Date(publishedAt).toISOString(),
  published_by: publishedBy,
});

const lineJson = (row: ListedVersion): z.input<typeof SurveyVersionLine> => ({
  ...publication(row),
  changed: fromJson(row.changed),
});

const versionJson = (row: VersionRow): z.input<typeof SurveyVersion> => ({
  ...publication(row),
  ...asksJson(row),
});

export function versionRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/surveys/:survey/versions",
      access: "read",
      summary: "List what a survey asked, version by version, the live one first",
      query: PageQuery,
      answers: { 200: { description: "A page of versions", schema: pageOf(SurveyVersionLine) } },
    },
    async ({ c, caller, query: { limit, cursor }, param }) => {
      const survey = orNotFound(await findSurvey(c.var.db, caller.workspace, param("survey")));
      const [number] = readCursor(cursor, /^v([1-9]\d{0,8})$/);
      const before = number === undefined ? survey.version + 1 : Number(number);
      const rows = await listVersions(c.var.db, survey.ref, before, limit + 1);
      return json(
        c,
        pageBody(rows, limit, lineJson, ({ version }) => `v${version}`),
      );
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/surveys/:survey/versions/:version",
      access: "read",
      summary: "Read a version of a survey",
      answers: { 200: { description: "The version", schema: SurveyVersion } },
    },
    async ({ c, caller, param }) => {
      const survey = orNotFound(await findSurvey(c.var.db, caller.workspace, param("survey")));
      return json(
        c,
        versionJson(orNotFound(await findVersion(c.var.db, survey.ref, numberOf(param("version"))))),
      );
    },
  );
}

/** The number of a version in an address; one that is none is no version's. */
export const numberOf = (version: string): number => (/^[1-9]\d{0,8}$/.test(version) ? Number(version) : 0);
