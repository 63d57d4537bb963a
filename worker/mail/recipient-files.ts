import type { Context } from "hono";
import { Misread, textOf } from "../../shared/files/decoding.ts";
import { cutRows, endless, openDelimited } from "../../shared/files/delimited.ts";
import { hourMs } from "../../shared/time/durations.ts";
import { actByHand } from "../audit/act.ts";
import type { Act } from "../audit/db/entries.ts";
import type { Database } from "../db/database.ts";
import type { App, Bindings, Caller } from "../environment.ts";
import { charsetOf } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { newId } from "../secrets/ids.ts";
import type { CampaignRow } from "./db/campaigns.ts";
import {
  addRows,
  dropFile,
  findAbandoned,
  type NewFile,
  nextFile,
  storeParts,
} from "./db/recipient-files.ts";
import { maxLetters, readRows } from "./recipient-rows.ts";
import { headerFault } from "./recipients.ts";

/** Characters of a part. A row that goes on for two parts is too long, or has a quote that is never closed. */
const partLength = 50_000;
/** Parts of one statement. Even at six bytes for a character, as JSON may need, they are less than D1 binds. */
const partsAtOnce = 6;
/** Rows that one transaction adds. */
const rowsAtOnce = 1000;
/** Rows that a request and each minute read: what the free plan's CPU is enough for. */
const rowsEachMinute = 100;
/** Statements of one transaction, including those that read its rows. */
const statementsOfRows = 12;

const maxRowsOf = (env: Bindings) => Number(env.RECIPIENTS_A_MINUTE ?? rowsEachMinute);

const newFile = (c: Context<App>, caller: Caller, campaign: CampaignRow): NewFile => ({
  id: newId("rcp"),
  workspaceRef: caller.workspace,
  campaignRef: campaign.ref,
  createdAt: c.var.now,
  origin: new URL(c.req.url).origin,
  header: null,
  separator: "",
});

const added = (c: Context<App>, caller: Caller, { id }: CampaignRow) =>
  actByHand(c, caller, "recipients.added", id);

/** Stores a list and answers the id of its file. */
export async function takeList(
  c: Context<App>,
  caller: Caller,
  campaign: CampaignRow,
  recipients: readonly unknown[],
): Promise<string> {
  const lines = recipients.map((one) => {
    const line = JSON.stringify(one);
    // No recipient is this long, so the row becomes one that is refused.
    return line.length < partLength ? line : "null";
  });
  const file = newFile(c, caller, campaign);
  await new Storing(c.var.db, file, lines.length, added(c, caller, campaign)).end(`${lines.join("\n")}\n`);
  return file.id;
}

/** Stores a CSV as it arrives, and answers the id of its file. Throws a 422 where its header or encoding is wrong. */
export async function takeCsv(
  c: Context<App>,
  caller: Caller,
  campaign: CampaignRow,
  upload: ReadableStream<Uint8Array>,
): Promise<string> {
  const file = newFile(c, caller, campaign);
  let text = "";
  let storing: Storing | null = null;
  // The header is checked before anything is stored.
  const open = (isWhole: boolean) => {
    const { header, separator, end } = headerOf(text, isWhole);
    const fault = headerFault(header);
    if (fault !== null) throw new Misread(fault);
    text = text.slice(end);
    return new Storing(c.var.db, { ...file, header, separator }, null, added(c, caller, campaign));
  };
  try {
    for await (const chunk of textOf(upload, charsetOf(c))) {
      text += chunk;
      if (text.length < partLength) continue;
      storing ??= open(false);
      text = await storing.take(text);
    }
    await (storing ?? open(true)).end(text);
  } catch (error) {
    await dropFile(c.var.db, file.id);
    throw error instanceof Misread ? new Problem("invalid-input", { detail: error.message }) : error;
  }
  return file.id;
}

function headerOf(text: string, isWhole: boolean): { header: string[]; separator: string; end: number } {
  const { separator, from } = openDelimited(text, isWhole);
  const { rows, end } = cutRows(text, { separator, from, isLast: isWhole, maxRows: 1 });
  const [header] = rows;
  const rest = text.slice(end);
  if (!header && rest.trim() !== "")
    throw endless(rest, separator, "the header", isWhole ? null : maxLetters);
  return { header: header?.map((name) => name.trim()) ?? [], separator, end };
}

/** Cuts a text into parts as it arrives, and stores them. */
class Storing {
  readonly #db: Database;
  readonly #file: NewFile;
  #stored = 0;
  #parts: string[] = [];
  #lines: number;
  readonly #isCounted: boolean;
  readonly #act: Act | null;

  /** `lines`: the number of lines; null: they are counted. */
  constructor(db: Database, file: NewFile, lines: number | null, act: Act | null) {
    this.#db = db;
    this.#file = file;
    this.#lines = lines ?? 0;
    this.#isCounted = lines === null;
    this.#act = act;
  }

  /** Answers the rest of the text, which is shorter than a part. */
  async take(text: string): Promise<string> {
    let from = 0;
    while (text.length - from >= partLength) {
      // A cut must not split a surrogate pair.
      const end = from + partLength - (/[\uD800-\uDBFF]/.test(text[from + partLength - 1] ?? "") ? 1 : 0);
      this.#add(text.slice(from, end));
      from = end;
      if (this.#parts.length === partsAtOnce) await this.#store(false);
    }
    return text.slice(from);
  }

  /** Takes the last of the text. */
  async end(text: string): Promise<void> {
    const rest = await this.take(text);
    this.#add(rest);
    if (this.#isCounted && rest !== "" && !/[\r\n]$/.test(rest)) this.#lines += 1;
    await this.#store(true);
  }

  #add(part: string): void {
    this.#parts.push(part);
    if (this.#isCounted) this.#lines += part.split("\n").length - 1;
  }

  async #store(isWhole: boolean): Promise<void> {
    const { length } = this.#parts;
    const stored = { first: this.#stored, parts: this.#parts, lines: this.#lines, isWhole };
    await storeParts(this.#db, this.#file, stored, this.#act);
    this.#stored += length;
    this.#parts = [];
  }
}

/**
 * Reads on in waiting files, or in the named one, as far as one invocation should. Answers whether there is more.
 * Concurrent readers of the same rows add nobody twice.
 */
export async function readFiles(
  env: Bindings,
  db: Database,
  now: number,
  only: string | null = null,
  maxRows = maxRowsOf(env),
): Promise<boolean> {
  let left = maxRows;
  while (left > 0 && db.left >= 2 * statementsOfRows) {
    const file = await nextFile(db, only);
    if (!file) return false;
    const rows = await readRows(env, db, file, Math.min(left, rowsAtOnce), now);
    await addRows(db, file, rows, now);
    left -= Math.max(rows.rows, 1);
  }
  return true;
}

/** The clock's job: reads on in files, and deletes one whose sender has stopped. */
export async function continueFiles(env: Bindings, db: Database, now: number): Promise<boolean> {
  const abandoned = await findAbandoned(db, now - hourMs);
  if (abandoned) await dropFile(db, abandoned.id);
  return (await readFiles(env, db, now)) || abandoned !== null;
}
