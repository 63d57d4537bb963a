import * as z from "zod";
import type { FieldError } from "../../shared/contract/problem.ts";
import { columnFault, cutRows, endless } from "../../shared/files/delimited.ts";
import { canonicalSpelling } from "../../shared/mail/addresses.ts";
import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import type { Bindings } from "../environment.ts";
import { forgottenSince, type ReadRows, type WaitingFile } from "./db/recipient-files.ts";
import {
  type Invited,
  type Inviting,
  inviting,
  parseRecipient,
  parseRow,
  recipientReader,
} from "./recipients.ts";

const maxErrors = 100;

/** The most characters of a row, in words. It is the length of a file's part. */
export const maxLetters = "50,000";

const Errors = z.array(
  z.object({ row: z.int(), errors: z.array(z.object({ pointer: z.string(), detail: z.string() })) }),
);

/** Errors as they are stored. */
export const storedErrors = (json: string): z.output<typeof Errors> => Errors.parse(JSON.parse(json));

/** What became of the rows so far. */
interface Found {
  invited: (Invited & { row: number })[];
  duplicates: number;
  refused: number;
  errors: z.output<typeof Errors>;
}

/** Reads the next rows of a file, and prepares what to add for them. */
export async function readRows(
  env: Bindings,
  db: Database,
  file: WaitingFile,
  maxRows: number,
  now: number,
): Promise<ReadRows> {
  const { header, separator, part, at } = file;
  const nobody = { invitations: [], mails: [], spellings: [], recalled: [] };
  const none = { ...nobody, part, at, rows: 0, duplicates: 0, refused: 0 };
  const errors = storedErrors(file.errors);
  if (file.campaignState === "cancelled")
    return { ...none, errors, problem: "The campaign was cancelled", isEnd: true };
  const [own, next] = [file.text ?? "", file.next ?? ""];
  const text = own.slice(at) + next;
  const isLast = file.isLast === 1;
  const { given, end } =
    header === null
      ? cutLines(text, maxRows)
      : cutRecords(text, header, { separator, from: 0, isLast, maxRows });
  const isShort = given.length < maxRows;
  const isStuck = isShort && (isLast ? text.slice(end).trim() !== "" : end === 0);
  // The first of the two parts is done when the place lies in the second.
  const isNext = at + end >= own.length && next !== "";
  const where = `row ${file.readRows + given.length + 1}`;
  const found: Found = { invited: [], duplicates: 0, refused: 0, errors };
  sort(file, given, found);
  const { invitations, mails, spellings, recalled } = await making(env, db, file, found, now);
  return {
    invitations,
    mails,
    spellings,
    recalled,
    part: isNext ? part + 1 : part,
    at: isNext ? at + end - own.length : at + end,
    rows: given.length,
    duplicates: found.duplicates,
    refused: found.refused,
    errors,
    problem: isStuck ? endless(text.slice(end), separator, where, isLast ? null : maxLetters).message : null,
    isEnd: isStuck || (isLast && isShort),
  };
}

interface NextRows {
  given: unknown[];
  end: number;
}

function cutLines(text: string, maxRows: number): NextRows {
  const given: unknown[] = [];
  let end = 0;
  for (let at = text.indexOf("\n"); at >= 0 && given.length < maxRows; at = text.indexOf("\n", end)) {
    given.push(JSON.parse(text.slice(end, at)));
    end = at + 1;
  }
  return { given, end };
}

/** A row with too many cells is refused: nobody knows which cell belongs to which column. */
function cutRecords(text: string, header: string, how: Parameters<typeof cutRows>[1]): NextRows {
  const columns = z.array(z.string()).parse(JSON.parse(header));
  const read = recipientReader(columns);
  const { rows, end } = cutRows(text, how);
  const given = rows.map((cells) => {
    const fault = columnFault(cells, columns.length);
    return fault !== null && cells.length > columns.length ? new Error(fault) : read(cells);
  });
  return { given, end };
}

function refuse(found: Found, row: number, errors: FieldError[]): void {
  found.refused += 1;
  if (found.errors.length < maxErrors) found.errors.push({ row, errors });
}

/** Sorts rows into recipients to ask and errors. */
function sort(
  { campaignId, header, readRows: before }: WaitingFile,
  given: readonly unknown[],
  found: Found,
): void {
  const seen = new Set<string>();
  const parse = header === null ? parseRecipient : parseRow;
  for (const [index, one] of given.entries()) {
    const row = before + index + 1;
    const recipient = one instanceof Error ? [{ pointer: "", detail: one.message }] : parse(one);
    if (Array.isArray(recipient)) {
      refuse(found, row, recipient);
      continue;
    }
    const key = canonicalSpelling(recipient.email);
    if (seen.has(key)) found.duplicates += 1;
    // Named by campaign and address: the same address, in however many files, is one recipient.
    else found.invited.push({ row, recipient, name: `${campaignId} ${key}` });
    seen.add(key);
  }
}

/** A person whose erasure was requested while the file waited is not added. */
async function making(
  env: Bindings,
  db: Database,
  file: WaitingFile,
  found: Found,
  now: number,
): Promise<Inviting> {
  const sending = {
    touchpointRef: file.touchpointRef,
    surveyRef: file.surveyRef,
    templateRef: file.templateRef,
    campaignRef: file.campaign,
    changeable: true,
    dueAt: null,
    origin: file.origin,
    expiresAt: Math.max(now, file.startsAt ?? 0, file.endsAt ?? 0) + 90 * dayMs,
  };
  let made = await inviting(env, db, file.workspace, sending, found.invited);
  const forgotten = await forgottenSince(db, file, made.hashes.flat());
  if (forgotten.size > 0) {
    const left = found.invited.filter(({ row }, index) => {
      const isForgotten = made.hashes[index]?.some((hash) => forgotten.has(hash)) === true;
      if (isForgotten) refuse(found, row, [{ pointer: "/email", detail: "was forgotten on request since" }]);
      return !isForgotten;
    });
    made = await inviting(env, db, file.workspace, sending, left);
  }
  return made;
}
