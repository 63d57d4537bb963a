import type { Context, Hono } from "hono";
import type * as z from "zod";
import { ScoreQuery, Scores, ScoresQuery, TouchpointScore } from "../../../shared/contract/scores.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { answerWithEtag } from "../../http/etag.ts";
import { instantOrNull } from "../../http/paging.ts";
import { Problem } from "../../http/problem.ts";
import { lastAnswered } from "../../rollup/recent.ts";
import { type Counted, countGroups, groupScores, totalScore } from "../answer.ts";
import { readCatalogue } from "../db/catalogue.ts";
import { type GroupJson, periodJson } from "../group.ts";
import {
  isUnanswerable,
  type Query,
  type Question,
  resolveQuestion,
  type Unanswerable,
} from "../question.ts";
import { csvOf, ndjsonOf, tableOf } from "../table.ts";

const formats = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
} as const;

/** The `format`, or else the first of our formats that Accept names. */
function formatOf(c: Context<App>, query: Query): keyof typeof formats {
  if (query.format) return query.format;
  const accepted = c.req.header("accept")?.match(/application\/json|text\/csv|application\/x-ndjson/)?.[0];
  return accepted === "text/csv" ? "csv" : accepted === "application/x-ndjson" ? "ndjson" : "json";
}

/**
 * Only the client keeps the answer, and revalidates it each time: the number changes with every response, and an
 * unchanged answer costs no transfer.
 */
function keptByClient(c: Context<App>, body: string, type: string): Promise<Response> {
  const headers = {
    "content-type": type,
    "cache-control": "private, no-cache",
    vary: "Accept, Authorization",
  };
  return answerWithEtag(c, new Response(body, { headers }));
}

/** The answer. Throws its problem where there is none. */
function orThrow<Found extends object>(found: Found | Unanswerable): Found {
  if (!isUnanswerable(found)) return found;
  const { problem, ...extras } = found;
  throw new Problem(problem, extras);
}

/** Throws not-found for an absent touchpoint, and a 422 for what cannot be asked. */
async function countFor(
  c: Context<App>,
  caller: Caller,
  query: Query,
  now: number,
  withTotal: boolean,
): Promise<{ question: Question; counted: Counted }> {
  const { db } = c.var;
  const apart = query.group_by?.includes("touchpoint") ?? false;
  const catalogue = await readCatalogue(db, caller.workspace, query.touchpoint ?? null, apart);
  for (const name of query.touchpoint ?? [])
    if (!catalogue.touchpoints.some((touchpoint) => touchpoint.name === name)) throw new Problem("not-found");
  const question = orThrow(await resolveQuestion(db, query, catalogue, now, withTotal));
  return { question, counted: await countGroups(db, caller.workspace, question) };
}

/** The scores of each group. Throws like `countFor`, and where surveys have no common score. */
export async function scoresFor(
  c: Context<App>,
  caller: Caller,
  query: Query,
  now = c.var.now,
): Promise<{ question: Question; groups: GroupJson[]; more: number }> {
  const { question, counted } = await countFor(c, caller, query, now, false);
  return { question, groups: orThrow(groupScores(question, counted)), more: counted.more };
}

const about = ({ period, timeZone, source, limit }: Question, more: number) => ({
  period: periodJson(period),
  time_zone: timeZone,
  source: source.from,
  ...(limit !== undefined && { more }),
});

export const scoresJson = (
  question: Question,
  groups: GroupJson[],
  more: number,
): z.input<typeof Scores> => ({
  ...about(question, more),
  data: groups,
});

/** As JSON, or as a table of the same scores. */
function answer(
  c: Context<App>,
  query: Query,
  question: Question,
  groups: readonly GroupJson[],
  json: object,
): Promise<Response> {
  const format = formatOf(c, query);
  if (format === "json") return keptByClient(c, JSON.stringify(json), formats.json);
  const rows = tableOf(groups, periodJson(question.period));
  return keptByClient(
    c,
    format === "csv" ? csvOf(rows, question, query.bom === "true") : ndjsonOf(rows),
    formats[format],
  );
}

export function scoreRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/touchpoints/:touchpoint/score",
      access: "read",
      summary: "The score of a touchpoint in a period",
      query: ScoreQuery,
      answers: {
        200: {
          description: "The score, its interval, its distribution and its ledger",
          schema: TouchpointScore,
        },
        304: { description: "As If-None-Match has it" },
      },
    },
    async ({ c, caller, param, query }) => {
      const touchpoint = param("touchpoint");
      const scoresQuery = { ...query, touchpoint: [touchpoint] };
      const [{ question, counted }, lastAnsweredAt] = await Promise.all([
        countFor(c, caller, scoresQuery, c.var.now, true),
        lastAnswered(c.var.db, caller.workspace, touchpoint),
      ]);
      const { group: _, ...score } = orThrow(totalScore(question, counted));
      const groups = orThrow(groupScores(question, counted));
      const json: z.input<typeof TouchpointScore> = {
        touchpoint,
        ...about(question, counted.more),
        ...score,
        last_answered_at: instantOrNull(lastAnsweredAt),
        ...(query.group_by && { data: groups }),
      };
      return answer(c, scoresQuery, question, groups, json);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/scores",
      access: "read",
      summary:
        "The score over all touchpoints, or one for each touchpoint, survey, kind, channel, locale or property",
      query: ScoresQuery,
      answers: {
        200: { description: "One score, or one for each group", schema: Scores },
        304: { description: "As If-None-Match has it" },
      },
    },
    async ({ c, caller, query }) => {
      const { question, groups, more } = await scoresFor(c, caller, query);
      return answer(c, query, question, groups, scoresJson(question, groups, more));
    },
  );
}
