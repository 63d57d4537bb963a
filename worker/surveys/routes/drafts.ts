import type { Context, Hono } from "hono";
import type * as z from "zod";
import { SavedSurvey } from "../../../shared/contract/surveys/surveys.ts";
import { SurveyDraft, SurveyDraftPatch } from "../../../shared/contract/surveys/versions.ts";
import { actOf } from "../../audit/act.ts";
import { Cache } from "../../cache.ts";
import { fromJson } from "../../db/json.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { expectedTag } from "../../http/etag.ts";
import { json } from "../../http/json.ts";
import { instantOrNull } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { type DraftRow, discardDraft, drafted, findDraft, publishDraft, saveDraft } from "../db/drafts.ts";
import { type Asks, findVersion } from "../db/versions.ts";
import { asksColumns, checkFlow, savedJson } from "../survey-json.ts";
import { numberOf } from "./versions.ts";

const tagOf = ({ etag }: DraftRow) => ({ etag: `"${etag}"` });

function draftAnswer(c: Context<App>, row: DraftRow): Response {
  const { survey, changes } = drafted(row);
  const answer: z.input<typeof SurveyDraft> = {
    ...savedJson(survey),
    changes,
    changed_at: instantOrNull(row.changedAt),
    changed_by: row.changedBy,
  };
  return json(c, answer, 200, tagOf(row));
}

/** Throws where the draft has not the tag that the request expects. The answer names the one that it has. */
function refuseChanged(known: string | null, row: DraftRow): void {
  if (known !== null && known !== row.etag)
    throw new Problem("precondition-failed", { headers: tagOf(row), detail: "Read the draft again" });
}

const draftOf = async (c: Context<App>, caller: Caller, survey: string): Promise<DraftRow> =>
  orNotFound(await findDraft(c.var.db, caller.workspace, survey));

/** Throws precondition-failed. */
async function writeDraft(c: Context<App>, caller: Caller, row: DraftRow, given: Partial<Asks>) {
  checkFlow({ ...drafted(row).survey, ...given });
  const writing = { by: caller.id, at: c.var.now, etag: crypto.randomUUID() };
  const known = expectedTag(c);
  const saved = orNotFound(await saveDraft(c.var.db, caller.workspace, row.id, given, known, writing));
  if (saved.etag !== writing.etag) refuseChanged(known, saved);
  return draftAnswer(c, saved);
}

const ifMatch = "with If-Match only where it still has that ETag";
const changedMeanwhile = { 412: { description: "It was changed since it had the ETag of If-Match" } };

export function draftRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/surveys/:survey/draft",
      access: "read",
      summary: "Read a survey as its draft has it, with the draft's ETag; without a draft, as it is live",
      answers: { 200: { description: "The survey with the draft's changes", schema: SurveyDraft } },
    },
    async ({ c, caller, param }) => draftAnswer(c, await draftOf(c, caller, param("survey"))),
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/surveys/:survey/draft",
      access: "write",
      summary: `Change parts of a survey's draft, of which nobody is asked until it is published; ${ifMatch}`,
      body: SurveyDraftPatch,
      answers: {
        200: { description: "The survey with the draft's changes", schema: SurveyDraft },
        ...changedMeanwhile,
      },
    },
    async ({ c, caller, param, body }) =>
      writeDraft(c, caller, await draftOf(c, caller, param("survey")), asksColumns(body)),
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/surveys/:survey/versions/:version/restore",
      access: "write",
      summary: `Make a survey's draft what a version asked; ${ifMatch}`,
      answers: {
        200: { description: "The survey with the draft's changes", schema: SurveyDraft },
        ...changedMeanwhile,
      },
    },
    async ({ c, caller, param }) => {
      const row = await draftOf(c, caller, param("survey"));
      const found = orNotFound(await findVersion(c.var.db, row.ref, numberOf(param("version"))));
      const { version, publishedAt, publishedBy, ...asked } = found;
      return writeDraft(c, caller, row, asked);
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/surveys/:survey/draft",
      access: "write",
      summary: `Discard a survey's draft; ${ifMatch}`,
      answers: {
        200: { description: "The survey as it is live", schema: SurveyDraft },
        ...changedMeanwhile,
      },
    },
    async ({ c, caller, param }) => {
      const row = await draftOf(c, caller, param("survey"));
      refuseChanged(expectedTag(c), row);
      const act = actOf(c, caller, "survey.draft_discarded", row.id);
      const left = orNotFound(await discardDraft(c.var.db, caller.workspace, row.id, row.etag, act));
      if (left.parts !== null) refuseChanged(row.etag, left);
      return draftAnswer(c, left);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/surveys/:survey/publish",
      access: "write",
      summary: `Publish a survey's draft as its next version, which pages ask within two minutes; ${ifMatch}. Without a draft nothing changes`,
      answers: { 200: { description: "The survey", schema: SavedSurvey }, ...changedMeanwhile },
    },
    async ({ c, caller, param }) => {
      const row = await draftOf(c, caller, param("survey"));
      refuseChanged(expectedTag(c), row);
      const parts = fromJson(row.parts);
      if (parts === null) return json(c, savedJson(row));
      const act = actOf(c, caller, "survey.changed", row.id);
      const live = orNotFound(await publishDraft(c.var.db, caller.workspace, row.id, row.etag, parts, act));
      // Published by this request, or by another that read the same draft; else it was changed or discarded meanwhile.
      if (live.parts !== null || drafted({ ...live, parts: row.parts }).changes.length > 0)
        throw new Problem("precondition-failed", { headers: tagOf(live), detail: "Read the draft again" });
      Cache.forget("offered");
      return json(c, savedJson(live));
    },
  );
}
