import type { Context, Hono } from "hono";
import type * as z from "zod";
import { ScoreQuery, Scores, ScoresQuery, TouchpointScore } from "../../shared/contract/scores.ts";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { type CountRow, quarterMs, ratingCounts } from "../db/counts.ts";
import { findSurveys, type SurveyRow } from "../db/surveys.ts";
import { findTouchpoint } from "../db/touchpoints.ts";
import { endpoint } from "../endpoint.ts";
import { Problem } from "../problem.ts";
import { scoreJson, scoreOfCounts } from "../score.ts";

const defaultPeriod = 30 * 86_400_000;

/** Unix ms. Throws a 422 when it ends before it starts. */
function periodOf(
  query: { from?: number | undefined; to?: number | undefined },
  now: number,
): { from: number; to: number } {
  const to = query.to ?? now;
  // On a quarter-hour, where the roll-up answers without looking at responses.
  const from = query.from ?? Math.floor((to - defaultPeriod) / quarterMs) * quarterMs;
  if (from >= to) throw Problem.field("?from", "must lie before to");
  return { from, to };
}

const periodJson = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** The surveys behind some counts: they know kind and scale. */
const surveysOf = (c: Context<App>, caller: Caller, counts: readonly CountRow[]): Promise<SurveyRow[]> =>
  findSurveys(c.var.db, caller.workspace, [...new Set(counts.map(({ survey }) => survey))]);

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
      },
    },
    async ({ c, caller, param, query }) => {
      const touchpoint = param("touchpoint");
      const period = periodOf(query, c.var.now);
      const filter = { ...period, touchpoint, survey: query.survey ?? null, channel: query.channel ?? null };
      const counts = await ratingCounts(c.var.db, caller.workspace, filter);
      if (counts.length === 0 && !(await findTouchpoint(c.var.db, caller.workspace, touchpoint)))
        throw new Problem("not-found");
      const score = scoreOfCounts(counts, await surveysOf(c, caller, counts));
      return c.json({ touchpoint, period: periodJson(period), ...scoreJson(score) } satisfies z.input<
        typeof TouchpointScore
      >);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/scores",
      access: "read",
      summary: "The score over all touchpoints, or one for each touchpoint, survey or channel",
      query: ScoresQuery,
      answers: { 200: { description: "One score, or one for each group", schema: Scores } },
    },
    async ({ c, caller, query }) => {
      const { group_by: groupBy } = query;
      const period = periodOf(query, c.var.now);
      const filter = {
        ...period,
        touchpoint: null,
        survey: query.survey ?? null,
        channel: query.channel ?? null,
      };
      const counts = await ratingCounts(c.var.db, caller.workspace, filter);
      const surveys = await surveysOf(c, caller, counts);
      const groups = groupBy ? Map.groupBy(counts, (row) => row[groupBy]) : new Map([[null, counts]]);
      const data = [...groups].map(([group, rows]) => {
        const asked = surveys.filter(({ id }) => rows.some(({ survey }) => survey === id));
        return { group, ...scoreJson(scoreOfCounts(rows, asked)) };
      });
      return c.json({ period: periodJson(period), data } satisfies z.input<typeof Scores>);
    },
  );
}
