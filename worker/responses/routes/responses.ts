import type { Context, Hono } from "hono";
import * as z from "zod";
import { pageOf } from "../../../shared/contract/fields.ts";
import {
  BatchInput,
  BatchResult,
  ResponseInput,
  ResponsePatch,
  Response as ResponseShape,
  ResponsesQuery,
  SavedResponse,
} from "../../../shared/contract/responses.ts";
import { answeredAmong, answeredAt } from "../../asking/offered.ts";
import { actByHand, actOf } from "../../audit/act.ts";
import { noteAct } from "../../audit/db/entries.ts";
import { fromJson } from "../../db/json.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull, pageBody, readCursor } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { isIdentityProven, secretsOf } from "../../secrets/secrets.ts";
import type { AskedSurvey } from "../../surveys/db/asked.ts";
import { findFormerSteps, type Steps } from "../../surveys/db/former-steps.ts";
import { saveResponse } from "../db/coalesce.ts";
import type { Place } from "../db/matching.ts";
import { forgotten, type StoredResponse } from "../db/response.ts";
import { listResponses } from "../db/response-list.ts";
import { excludeResponse, findResponse } from "../db/responses.ts";
import { saveResponses } from "../db/save.ts";
import { givenAt, orProblem, readResponse, readRows, savedJson } from "../incoming.ts";

export const responseJson = (row: StoredResponse): z.input<typeof ResponseShape> => ({
  id: row.id,
  touchpoint: row.touchpoint,
  survey: row.survey,
  survey_version: row.surveyVersion,
  rating: row.rating,
  comment: row.comment,
  answers: Object.fromEntries(
    Object.entries(fromJson(row.answers) ?? {}).filter(([, answer]) => answer !== forgotten),
  ),
  channel: row.channel,
  locale: row.locale,
  respondent: row.respondent,
  claimed_respondent: row.claimed,
  properties: fromJson(row.properties) ?? {},
  excluded: row.exclusion || null,
  excluded_at: instantOrNull(row.excludedAt),
  excluded_by: row.excludedBy,
  answered_at: new Date(row.answeredAt).toISOString(),
  received_at: new Date(row.receivedAt).toISOString(),
  updated_at: instantOrNull(row.updatedAt),
});

export function responseRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/responses",
      access: "respond",
      summary: "Save a response; the same id again changes nothing, a higher revision replaces",
      body: ResponseInput,
      // What a page gets wrong about its visitor, the texts or a step must not cost the visitor's rating.
      forgiven: [
        "survey_version",
        "comment",
        "answers",
        "answered_at",
        "sent_at",
        "locale",
        "properties",
        "respondent",
        "respondent_hash",
      ],
      answers: {
        200: { description: "It was there already, changed or not", schema: SavedResponse },
        201: { description: "Saved", schema: SavedResponse },
      },
    },
    async ({ c, caller, body, ignored }) => {
      const { now } = c.var;
      const { respondent, respondent_hash: hash } = body;
      const secrets = secretsOf(c.env);
      const proven =
        respondent && hash && (await isIdentityProven(secrets, caller.workspaceId, respondent, hash));
      const place = [body.touchpoint, body.survey ?? null] as const;
      const trusted = {
        channel: caller.publishable ? ("widget" as const) : ("api" as const),
        // A secret key speaks for its owner's server. Anyone else must prove whom they name, or only claims to be them.
        ...(proven || !caller.publishable
          ? { respondent: respondent ?? null }
          : { respondent: null, claimed: respondent ?? null }),
        answeredAt: givenAt(body, now),
      };
      const read = (asked: AskedSurvey, former?: readonly Steps[]) =>
        readResponse(c, caller, asked, body, trusted, former);
      let heard = read(await answeredAt(c, caller, ...place));
      // Nothing is left out because an isolate has not heard of a step or a version yet, or because a page holds what was asked before.
      if (heard.isUnheard) {
        const asked = (await answeredAmong(c, caller, [place]))(...place);
        const { ref } = asked.survey;
        const former = (await findFormerSteps(c.var.db, [ref], now)).get(ref);
        heard = read(asked, former);
      }
      const saving = saveResponse(c.var.db, caller.workspace, heard.response, now);
      c.executionCtx.waitUntil(saving.catch(() => undefined));
      const answer = savedJson(body.id, await saving, [...ignored, ...heard.ignored]);
      return json(c, answer, answer.status === "created" ? 201 : 200);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/responses/batch",
      access: "manage",
      summary: "Save up to 500 responses; each is answered by itself, in order",
      body: BatchInput,
      answers: { 200: { description: "The result of each response", schema: BatchResult } },
    },
    async ({ c, caller, body }) => {
      const read = await readRows(c, caller, body);
      const accepted = read.flatMap((row) => (row instanceof Problem ? [] : row.response));
      const act = actByHand(c, caller, "responses.added", caller.workspaceId);
      const noted = noteAct(act, { responses: [null, accepted.length] });
      const saved =
        accepted.length > 0
          ? await saveResponses(c.var.db, caller.workspace, accepted, c.var.now, noted)
          : [];
      const refuse = (problem: Problem, id: string | null) => ({
        id,
        status: "refused" as const,
        problem: problem.details(c.var.requestId),
      });
      const next = saved.values();
      const results = read.map((row, index) => {
        if (row instanceof Problem) return refuse(row, idOf(body.responses[index]));
        const { id } = row.response;
        const { value = { id, status: "unchanged" as const } } = next.next();
        const answer = orProblem(() => savedJson(id, value, row.ignored));
        return answer instanceof Problem ? refuse(answer, id) : answer;
      });
      return json(c, { results } satisfies z.input<typeof BatchResult>);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/responses",
      access: "read",
      summary:
        "List the responses, newest first; a page that is short of its limit is not the last one while it has a next_cursor",
      query: ResponsesQuery,
      answers: { 200: { description: "A page of responses", schema: pageOf(ResponseShape) } },
    },
    async ({ c, caller, query }) => {
      if (query.survey_version !== undefined && query.survey === undefined)
        throw Problem.field("?survey_version", "is a version of a survey: name it too");
      const { rows, stoppedAt } = await listResponses(c.var.db, caller.workspace, {
        touchpoint: query.touchpoint ?? null,
        survey: query.survey ?? null,
        version: query.survey_version ?? null,
        channel: query.channel ?? null,
        from: query.from ?? 0,
        to: query.to ?? c.var.now + 1,
        excluded: query.excluded ? query.excluded === "true" : null,
        comment: query.comment ? query.comment === "true" : null,
        ratings: query.rating?.map(Number) ?? null,
        buckets: query.bucket ?? null,
        after: placeOf(query.cursor),
        limit: query.limit + 1,
      });
      const page = pageBody(rows, query.limit, responseJson, cursorOf);
      return json(c, { ...page, next_cursor: page.next_cursor ?? (stoppedAt && cursorOf(stoppedAt)) });
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/responses/:id",
      access: "read",
      summary: "Read a response",
      answers: { 200: { description: "The response", schema: ResponseShape } },
    },
    async ({ c, caller, param }) => json(c, responseJson(await foundResponse(c, caller, param("id")))),
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/responses/:id",
      access: "write",
      tellsOfPeople: true,
      summary: "Exclude a response from the score with a reason, or count it again",
      body: ResponsePatch,
      answers: { 200: { description: "The changed response", schema: ResponseShape } },
    },
    async ({ c, caller, param, body }) => {
      const { id } = await foundResponse(c, caller, param("id"));
      const act = actOf(c, caller, "response.excluded", id);
      await excludeResponse(c.var.db, caller.workspace, id, body.excluded ?? "", c.var.now, caller.id, act);
      return json(c, responseJson(await foundResponse(c, caller, id)));
    },
  );
}

/** Throws not-found. */
export async function foundResponse(c: Context<App>, caller: Caller, id: string): Promise<StoredResponse> {
  return orNotFound(await findResponse(c.var.db, caller.workspace, id.toLowerCase()));
}

const idOf = (row: unknown): string | null => {
  const { success, data } = z.object({ id: z.string().max(100) }).safeParse(row);
  return success ? data.id : null;
};

const cursorOf = ({ answeredAt, id }: Place) => `${answeredAt}.${id}`;

function placeOf(cursor: string | undefined): Place | null {
  const [at, id] = readCursor(cursor, /^(\d{1,15})\.([0-9a-f-]{36})$/);
  return at && id ? { answeredAt: Number(at), id } : null;
}
