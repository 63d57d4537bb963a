import type { Database } from "../../db/database.ts";
import { WriteQueue } from "../../db/write-queue.ts";
import { noteSpellings, type ProvenRespondent } from "../../people/db/spellings.ts";
import { countImpressions } from "../../rollup/impressions.ts";
import { noteAskings, type Seen } from "./askings.ts";

interface Impression extends Seen {
  workspace: number;
  /** null: not known. */
  respondent: ProvenRespondent | null;
}

async function saveTogether(db: Database, impressions: readonly Impression[]): Promise<undefined[]> {
  const askings = impressions.flatMap(({ respondent, ...one }) =>
    respondent ? { ...one, person: respondent.hash } : [],
  );
  const spellings = impressions.flatMap(({ respondent, workspace }) =>
    respondent?.spelling ? { ...respondent.spelling, workspace } : [],
  );
  await db.once(
    countImpressions(impressions),
    ...(askings.length > 0 ? [noteAskings(askings)] : []),
    ...(spellings.length > 0 ? [noteSpellings(spellings)] : []),
  );
  return impressions.map(() => undefined);
}

// A repeat would count an impression twice.
const queue = new WriteQueue<Impression, undefined>({ save: saveTogether, isRepeatable: false });

/**
 * Adds one impression at a touchpoint, and notes whom it asked (`respondent` null: not known). It is written together
 * with those that arrive meanwhile. The caller also waits for it with `waitUntil`.
 */
export const noteImpression = (
  db: Database,
  workspace: number,
  seen: Seen,
  respondent: ProvenRespondent | null,
): Promise<void> => queue.save(db, { ...seen, workspace, respondent });
