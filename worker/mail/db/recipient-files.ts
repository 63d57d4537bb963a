import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Condition, Database, Statement } from "../../db/database.ts";
import { wakeJob } from "../../db/due-jobs.ts";
import { insertInvitation, type NewInvitation } from "../../invitations/db/invitations.ts";
import { erasuresJob } from "../../people/db/erasures.ts";
import { type InvitedSpelling, noteInvited } from "../../people/db/spellings.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { insertMails, type NewMail } from "./mails.ts";
import { type MailedAddress, recallSuppressions } from "./suppressions.ts";

/** Files and lists of recipients: stored as they arrive, and read in parts that each fit into one invocation. */

/** Its name in `due_jobs`. */
export const recipientsJob = "recipients";

export interface NewFile {
  id: string;
  workspaceRef: number;
  campaignRef: number;
  createdAt: number;
  /** The origin of the links. */
  origin: string;
  /** null: each line is JSON. */
  header: readonly string[] | null;
  separator: string;
}

/** Stores parts of a file, which is read once it is whole. `first`: the number of the first part. Safe to repeat. */
export async function storeParts(
  db: Database,
  file: NewFile,
  {
    first,
    parts,
    lines,
    isWhole,
  }: { first: number; parts: readonly string[]; lines: number; isWhole: boolean },
  act: Act | null,
): Promise<void> {
  const { id, workspaceRef, campaignRef, createdAt, origin, header, separator } = file;
  await db.batch([
    {
      sql: `INSERT INTO recipient_parts (file, part, text) SELECT ?1, key + ?2, value FROM json_each(?3)
        WHERE NOT EXISTS (SELECT 1 FROM recipient_files WHERE id = ?1 AND state <> 'arriving') ON CONFLICT DO NOTHING`,
      values: [id, first, JSON.stringify(parts)],
    },
    ...(first === 0 || isWhole
      ? [
          {
            sql: `INSERT INTO recipient_files (id, workspace_ref, campaign_ref, created_at, origin, header, separator, state,
                lines, part, at, read_rows, added, duplicates, refused, errors)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, 0, 0, 0, '[]')
              ON CONFLICT DO UPDATE SET state = excluded.state, lines = excluded.lines WHERE state = 'arriving'`,
            values: [
              id,
              workspaceRef,
              campaignRef,
              createdAt,
              origin,
              header && JSON.stringify(header),
              separator,
              isWhole ? "waiting" : "arriving",
              lines,
            ],
          },
        ]
      : []),
    ...(isWhole ? [wakeJob(recipientsJob, createdAt), ...noteAct(act, { rows: [null, lines] })] : []),
  ]);
}

/** Deletes a file that did not arrive whole. */
export async function dropFile(db: Database, id: string): Promise<void> {
  await db.batch([
    { sql: "DELETE FROM recipient_parts WHERE file = ?1", values: [id] },
    { sql: "DELETE FROM recipient_files WHERE id = ?1 AND state = 'arriving'", values: [id] },
  ]);
}

/** A file whose sender has stopped; null: there is none. */
export const findAbandoned = (db: Database, before: number): Promise<{ id: string } | null> =>
  db.first(
    "SELECT id FROM recipient_files WHERE state = 'arriving' AND created_at < ?1 ORDER BY id LIMIT 1",
    before,
  );

/** What became of a file so far. */
export interface FileProgress {
  id: string;
  campaign: number;
  state: "arriving" | "waiting" | "read";
  lines: number;
  readRows: number;
  added: number;
  duplicates: number;
  refused: number;
  /** JSON. */
  errors: string;
  problem: string | null;
}

const progress = `recipient_files.id, campaign_ref AS campaign, recipient_files.state, lines, read_rows AS readRows, added, duplicates, refused, errors, problem`;

/** The last file of each campaign, and all files that are not fully read. */
export const listFiles = (db: Database, campaigns: readonly number[]): Promise<FileProgress[]> =>
  db.all(
    `SELECT ${progress} FROM json_each(?1) CROSS JOIN recipient_files ON recipient_files.id = (
         SELECT last.id FROM recipient_files AS last WHERE last.campaign_ref = value AND last.state <> 'arriving'
         ORDER BY last.id DESC LIMIT 1)
     UNION
     SELECT ${progress} FROM recipient_files WHERE state = 'waiting' AND campaign_ref IN (SELECT value FROM json_each(?1))
     ORDER BY 1 DESC`,
    JSON.stringify(campaigns),
  );

/** A file, and where reading it continues. */
export interface WaitingFile extends FileProgress {
  workspaceRef: number;
  /** Public ids. */
  workspace: string;
  campaignId: string;
  campaignState: string;
  origin: string;
  /** JSON; null: each line is JSON. */
  header: string | null;
  separator: string;
  part: number;
  at: number;
  createdAt: number;
  touchpointRef: number;
  surveyRef: number;
  templateRef: number | null;
  startsAt: number | null;
  endsAt: number | null;
  /** The part that is being read, and the next one; null: there is none. */
  text: string | null;
  next: string | null;
  /** 1: these two are the last parts. */
  isLast: number;
}

/** The oldest waiting file, or the given one; null: none waits. */
export const nextFile = (db: Database, only: string | null): Promise<WaitingFile | null> =>
  db.first(
    `SELECT ${progress}, recipient_files.workspace_ref AS workspaceRef, workspaceId AS workspace, campaignId, campaignState,
       recipient_files.origin, header, separator, part, at, recipient_files.created_at AS createdAt, touchpointRef, surveyRef, templateRef, startsAt, endsAt,
       (SELECT text FROM recipient_parts WHERE file = recipient_files.id AND recipient_parts.part = recipient_files.part) AS text,
       (SELECT text FROM recipient_parts WHERE file = recipient_files.id AND recipient_parts.part = recipient_files.part + 1) AS next,
       NOT EXISTS (SELECT 1 FROM recipient_parts WHERE file = recipient_files.id AND recipient_parts.part = recipient_files.part + 2) AS isLast
     FROM recipient_files JOIN (SELECT campaigns.ref, campaigns.id AS campaignId, campaigns.state AS campaignState,
         workspaces.id AS workspaceId, touchpoint_ref AS touchpointRef, survey_ref AS surveyRef, template_ref AS templateRef,
         starts_at AS startsAt, ends_at AS endsAt
       FROM campaigns JOIN workspaces ON workspaces.ref = workspace_ref) AS campaign ON campaign.ref = campaign_ref
     WHERE ${only === null ? "" : "recipient_files.id = ?1 AND"} recipient_files.state = 'waiting' ORDER BY recipient_files.id LIMIT 1`,
    ...(only === null ? [] : [only]),
  );

/** Those of these hashes whose erasure was requested after the file had arrived. */
export async function forgottenSince(
  db: Database,
  { workspaceRef, createdAt }: WaitingFile,
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await db.all<{ person: string }>(
    `SELECT person FROM json_each(?2) CROSS JOIN erasures ON workspace_ref = ?1 AND person = value AND created_at >= ?3`,
    workspaceRef,
    JSON.stringify(hashes),
    createdAt,
  );
  return new Set(rows.map(({ person }) => person));
}

/** What the next rows of a file contain. */
export interface ReadRows {
  part: number;
  at: number;
  rows: number;
  invitations: readonly NewInvitation[];
  mails: readonly NewMail[];
  spellings: readonly InvitedSpelling[];
  recalled: readonly MailedAddress[];
  duplicates: number;
  refused: number;
  errors: readonly { row: number; errors: { pointer: string; detail: string }[] }[];
  problem: string | null;
  isEnd: boolean;
}

/**
 * Adds the recipients of the next rows, and moves on to the place after them, in one transaction. So rows that are read
 * twice, or by an invocation that ended here, are added and counted once. Where another reader has moved on from the place
 * at which these rows begin, nothing of them is added: whoever counts a row adds it. Safe to repeat.
 */
export async function addRows(db: Database, file: WaitingFile, read: ReadRows, now: number): Promise<void> {
  const { id, workspaceRef } = file;
  const ids = JSON.stringify(read.invitations.map((invitation) => invitation.id));
  const known = "(SELECT COUNT(*) FROM json_each(?3) CROSS JOIN invitations ON invitations.id = value)";
  const isHere: Condition = {
    sql: (first) =>
      `EXISTS (SELECT 1 FROM recipient_files WHERE id = ?${first} AND (part, at) = (?${first + 1}, ?${first + 2}))`,
    values: [id, read.part, read.at],
  };
  await db.ensure(installTriggers);
  const statements: Statement[] = [
    // First, because it counts which recipients are not there yet.
    {
      sql: `UPDATE recipient_files SET part = ?4, at = ?5, read_rows = read_rows + ?6,
          added = added + json_array_length(?3) - ${known}, duplicates = duplicates + ?7 + ${known},
          refused = refused + ?8, errors = ?9, problem = ?10, state = ?11
        WHERE id = ?1 AND state = 'waiting' AND (part, at) = (?2, ?12)`,
      values: [
        id,
        file.part,
        ids,
        read.part,
        read.at,
        read.rows,
        read.duplicates,
        read.refused,
        JSON.stringify(read.errors),
        read.problem,
        read.isEnd ? "read" : "waiting",
        file.at,
      ],
    },
    ...(read.invitations.length > 0
      ? [
          insertMails(workspaceRef, read.mails, isHere),
          recallSuppressions(workspaceRef, read.recalled),
          insertInvitation(workspaceRef, read.invitations, now, isHere),
          ...noteInvited(workspaceRef, read.spellings),
        ]
      : []),
    {
      sql: `DELETE FROM recipient_parts WHERE file = ?1
        AND part < (SELECT IIF(state = 'read', 1e9, part) FROM recipient_files WHERE id = ?1)`,
      values: [id],
    },
    // Erasures that waited for this file can go on.
    ...(read.isEnd ? [wakeJob(erasuresJob, now)] : []),
  ];
  await db.batch(statements);
}
