import type { Database } from "../../db/database.ts";
import type { StoredResponse } from "./response.ts";
import { responseColumns, responsesJoined } from "./responses.ts";

/** Responses that are from a person, or claim to be, in any of these spellings. Ordered by id, newest first. */
export const responsesOfPerson = (
  db: Database,
  workspace: number,
  spellings: readonly string[],
  before: string,
  limit: number,
): Promise<StoredResponse[]> =>
  db.all(
    // A page for each spelling: anybody may claim to be somebody, as often as they like.
    `SELECT ${responseColumns} FROM (
         SELECT DISTINCT page.value AS chosen FROM json_each(?2) AS spelling CROSS JOIN json_each((SELECT json_group_array(id) FROM (
           SELECT * FROM (SELECT id FROM responses WHERE workspace_ref = ?1 AND respondent = spelling.value AND id < ?3 ORDER BY id DESC LIMIT ?4)
           UNION ALL SELECT * FROM (SELECT id FROM responses WHERE workspace_ref = ?1 AND claimed = spelling.value AND id < ?3 ORDER BY id DESC LIMIT ?4)))) AS page
         ORDER BY chosen DESC LIMIT ?4)
       CROSS JOIN ${responsesJoined} WHERE responses.workspace_ref = ?1 AND responses.id = chosen ORDER BY chosen DESC`,
    workspace,
    JSON.stringify(spellings),
    before,
    limit,
  );
