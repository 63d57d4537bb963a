import { appendFile, rm, truncate } from "node:fs/promises";
import { Readable } from "node:stream";
import type { FieldError } from "../../shared/contract/problem.ts";
import { ProblemDetails } from "../../shared/contract/problem.ts";
import type { Api } from "./api.ts";
import type { Checked } from "./check.ts";
import type { Position } from "./resume.ts";

/** The server's limits for a batch: rows, and bytes with room for the JSON around them. */
const maxRows = 500;
const maxBytes = 900_000;
/** Batches in flight: the server reads one while its database writes another. */
const inFlight = 3;

interface Batch {
  /** Valid and invalid rows, in the file's order. */
  rows: Checked[];
  /** The valid rows as JSON. */
  bodies: string[];
}

async function* batchesOf(rows: AsyncIterable<Checked>, after: number): AsyncGenerator<Batch> {
  let batch: Batch = { rows: [], bodies: [] };
  let bytes = 0;
  for await (const row of rows) {
    if (row.source.row <= after) continue;
    const body = row.errors ? "" : JSON.stringify(row.draft);
    if (batch.rows.length === maxRows || bytes + Buffer.byteLength(body) > maxBytes) {
      yield batch;
      batch = { rows: [], bodies: [] };
      bytes = 0;
    }
    batch.rows.push(row);
    if (!row.errors) batch.bodies.push(body);
    bytes += Buffer.byteLength(body) + 1;
  }
  if (batch.rows.length > 0) yield batch;
}

interface Refused {
  row: number;
  errors: FieldError[];
  record: unknown;
}

/** A batch after it was saved. */
interface Saved {
  lastRow: number;
  statuses: ("created" | "updated" | "unchanged" | "refused")[];
  /** Refused before sending or by the server. */
  refused: Refused[];
}

async function save(api: Api, { rows, bodies }: Batch): Promise<Saved> {
  const results = bodies.length > 0 ? await api.save(bodies) : [];
  if (results.length !== bodies.length) throw new Error("The server did not answer every row of a batch");
  const statuses = results.map(({ status }) => status);
  const answers = results.values();
  const refused = rows.flatMap(({ source: { row, record }, errors }): Refused[] => {
    if (errors) return [{ row, errors, record }];
    const answer = answers.next().value;
    return answer?.status === "refused" ? [{ row, errors: errorsOf(answer.problem), record }] : [];
  });
  return { lastRow: rows.at(-1)?.source.row ?? 0, statuses, refused };
}

function errorsOf(problem: unknown): FieldError[] {
  const { success, data } = ProblemDetails.safeParse(problem);
  if (!success) return [{ pointer: "", detail: "refused for a reason that is not known" }];
  return data.errors ?? [{ pointer: "", detail: data.detail ?? data.title }];
}

interface SendOptions {
  api: Api;
  /** NDJSON of the refused rows: row number, errors and the record itself. */
  errorFile: string;
  from: Position;
  /** Called after each batch, in the file's order. Everything up to here is then on disk or at the server. */
  onSaved: (position: Position) => Promise<void>;
}

/** Sends the rows after `from` and writes refused ones to the error file. Safe to repeat from any position. */
export async function send(
  rows: AsyncIterable<Checked>,
  { api, errorFile, from, onSaved }: SendOptions,
): Promise<Position> {
  if (from.errorBytes === 0) await rm(errorFile, { force: true });
  else await truncate(errorFile, from.errorBytes);
  // Results arrive in the file's order, however many batches are in flight, so the position is one number.
  const saved: AsyncIterable<Saved> = Readable.from(batchesOf(rows, from.row), { highWaterMark: 1 }).map(
    (batch: Batch) => save(api, batch),
    { concurrency: inFlight },
  );
  let position = from;
  for await (const { lastRow, statuses, refused } of saved) {
    const text = refused.map((row) => `${JSON.stringify(row)}\n`).join("");
    if (text) await appendFile(errorFile, text);
    const counted = (status: Saved["statuses"][number]) => statuses.filter((one) => one === status).length;
    position = {
      row: lastRow,
      created: position.created + counted("created"),
      updated: position.updated + counted("updated"),
      unchanged: position.unchanged + counted("unchanged"),
      refused: position.refused + counted("refused"),
      errorBytes: position.errorBytes + Buffer.byteLength(text),
    };
    await onSaved(position);
  }
  return position;
}
