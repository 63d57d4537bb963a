import type { Context, Hono } from "hono";
import type * as z from "zod";
import { ScoreQuery, Scores, ScoresQuery, TouchpointScore } from "../../shared/contract/scores.ts";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { quarterMs } from "../db/cells.ts";
import { type CountRow, countsOf } from "../db/counts.ts";
import { allSurveys, type SurveyRow } from "../db/surveys.ts";
import { namedTouchpoints } from "../db/touchpoints.ts";
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

interface Asked {
  surveys: SurveyRow[];
  touchpoints: { ref: number; name: string }[];
  counts: CountRow[];
}

async function countsFor(
  c: Context<App>,
  caller: Caller,
  query: z.output<typeof ScoreQuery> & { group_by?: string | undefined },
  touchpoint: string | null,
  period: { from: number; to: number },
): Promise<Asked> {
  const touchpoints = await namedTouchpoints(
    c.var.db,
    caller.workspace,
    touchpoint === null ? null : [touchpoint],
  );
  if (touchpoint !== null && touchpoints.length === 0) throw new Problem("not-found");
  const surveys = await allSurveys(c.var.db, caller.workspace);
  const question = {
    bins: [period],
    touchpoints: touchpoints.map(({ ref }) => ref),
    surveys: surveys.filter(({ id }) => !query.survey || id === query.survey).map(({ ref }) => ref),
    channels: query.channel ? [query.channel] : null,
    byTouchpoint: query.group_by === "touchpoint",
    byChannel: query.group_by === "channel",
  };
  return { surveys, touchpoints, counts: await countsOf(c.var.db, caller.workspace, question, null) };
}

const surveysIn = (surveys: readonly SurveyRow[], counts: readonly CountRow[]): SurveyRow[] =>
  surveys.filter(({ ref }) => counts.some(({ survey }) => survey === ref));

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
      const { counts, surveys } = await countsFor(c, caller, query, touchpoint, period);
      const score = scoreOfCounts(counts, surveysIn(surveys, counts));
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
      const { counts, surveys, touchpoints } = await countsFor(c, caller, query, null, period);
      const nameOf = (row: CountRow) =>
        groupBy === "touchpoint"
          ? touchpoints.find(({ ref }) => ref === row.touchpoint)?.name
          : groupBy === "survey"
            ? surveys.find(({ ref }) => ref === row.survey)?.id
            : row.channel;
      const groups = groupBy ? Map.groupBy(counts, (row) => nameOf(row) ?? null) : new Map([[null, counts]]);
      const data = [...groups].map(([group, rows]) => ({
        group,
        ...scoreJson(scoreOfCounts(rows, surveysIn(surveys, rows))),
      }));
      return c.json({ period: periodJson(period), data } satisfies z.input<typeof Scores>);
    },
  );
}
