import type { Database } from "./database.ts";
import { responseColumns, responsesJoined, type StoredResponse } from "./responses.ts";

/** Responses that are from somebody or claim to be, by id, newest made first. */
export const responsesOfPerson = (
  db: Database,
  workspace: number,
  person: string,
  before: string,
  limit: number,
): Promise<StoredResponse[]> =>
  db.all(
    `SELECT ${responseColumns} FROM (
         SELECT * FROM (SELECT id AS chosen FROM responses WHERE workspace_ref = ?1 AND respondent = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4)
         UNION SELECT * FROM (SELECT id FROM responses WHERE workspace_ref = ?1 AND claimed = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4)
         ORDER BY chosen DESC LIMIT ?4)
       CROSS JOIN ${responsesJoined} WHERE responses.workspace_ref = ?1 AND responses.id = chosen ORDER BY chosen DESC`,
    ...[workspace, person, before, limit],
  );
