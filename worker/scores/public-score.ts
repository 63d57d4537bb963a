import type { Context } from "hono";
import { minuteMs } from "../../shared/time/durations.ts";
import type { Period } from "../../shared/time/periods.ts";
import { Cache } from "../cache.ts";
import type { Database } from "../db/database.ts";
import type { App } from "../environment.ts";
import { limitAddress } from "../http/limits.ts";
import { orNotFound } from "../http/problem.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import { findPublicTouchpoint } from "../surveys/db/touchpoints.ts";
import { countGroups, totalScore } from "./answer.ts";
import { readCatalogue } from "./db/catalogue.ts";
import type { GroupJson } from "./group.ts";
import { isUnanswerable, type Question, resolveQuestion } from "./question.ts";

/** What anyone may see of a touchpoint's score. */
export interface PublicScore {
  threshold: number;
  period: Period;
  timeZone: string;
  /** The language of the survey asked there, BCP 47. */
  locale: string;
  /** null: too few responses, or their surveys have no common score. */
  shown: ShownScore | null;
}

export interface ShownScore {
  score: GroupJson;
  /** The newest of the score's surveys. */
  survey: SurveyRow;
}

/** Every view of a page loads its badge, and a score costs hundreds of rows, so scores are cached. */
const remembered = new Cache<PublicScore | null>("public-scores", minuteMs);

/** Browsers keep it for five to nine minutes. With the minute here, a score that was switched off is gone after ten. */
export const publicCaching = { "cache-control": "public, max-age=300, stale-while-revalidate=240" };

/** The public score of the touchpoint in the path. Throws the same not-found for absent, archived and not public. */
export async function publicScoreOf(c: Context<App>): Promise<PublicScore> {
  await limitAddress(c);
  const { db, now } = c.var;
  const id = c.req.param("touchpoint") ?? "";
  const score = orNotFound(await remembered.get(id, now, () => readPublicScore(db, id, now)));
  return score;
}

async function readPublicScore(db: Database, id: string, now: number): Promise<PublicScore | null> {
  const touchpoint = await findPublicTouchpoint(db, id);
  if (!touchpoint) return null;
  const { workspace, name, period, threshold, locale } = touchpoint;
  const catalogue = await readCatalogue(db, workspace, [name]);
  const question = await resolveQuestion(db, { touchpoint: [name], period }, catalogue, now);
  // A named period is never wrong.
  if (isUnanswerable(question)) return null;
  const score = await commonScore(db, workspace, question);
  const survey = question.surveys.findLast(({ id }) => score?.surveys.includes(id));
  return {
    threshold,
    period: question.period,
    timeZone: question.timeZone,
    locale: locale ?? "en",
    shown: score && survey && score.n >= threshold ? { score, survey } : null,
  };
}

/** null: the surveys have no common score. */
async function commonScore(db: Database, workspace: number, question: Question): Promise<GroupJson | null> {
  const score = totalScore(question, await countGroups(db, workspace, question));
  return isUnanswerable(score) ? null : score;
}
