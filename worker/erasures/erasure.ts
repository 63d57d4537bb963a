import { canonicalAddress } from "../../shared/mail/addresses.ts";
import type { Database } from "../db/database.ts";
import { fromJson } from "../db/json.ts";
import type { Bindings } from "../environment.ts";
import {
  type ErasurePlace,
  type ErasureRow,
  type ErasureStep,
  moveErasure,
  nextErasure,
  type Places,
} from "../people/db/erasures.ts";
import { hashedAddresses, hashesOf } from "../people/person.ts";
import { invitationOfResponse } from "../secrets/ids.ts";
import { secretsOf, signRespondent } from "../secrets/secrets.ts";
import { eraseKnown, eraseRows, withTheirs } from "./db/erased-rows.ts";
import { forgetValues } from "./db/erased-values.ts";
import { findRows } from "./db/found-rows.ts";

/** Rows at a time, of each kind: those that name the person, and those that are searched for their address. */
const maxRows = { named: 100, lookedAt: 5000 };
/** Statements that a part of each step sends at most, including installing triggers and recording the progress. */
const statementsOf = { rows: 33, rest: 16 };

interface Run {
  env: Bindings;
  db: Database;
  row: ErasureRow;
  spellings: string[];
  /** null: the person is known by an id. Only an address is searched for among properties: an id may be any value. */
  address: string | null;
  now: number;
}

interface Progress {
  step: ErasureStep;
  after: Places;
}

async function eraseNext(run: Run, after: Places): Promise<Progress> {
  const { env, db, row, now } = run;
  const found = await findRows(db, row.workspaceRef, run, after, maxRows);
  const { places, isMore, responses, invitations, texts, mails } = found;
  if (responses.length + invitations.length + texts.length + mails.length > 0) {
    const asking = responses.map((response) => ({ id: invitationOfResponse(response), response }));
    const theirs = await withTheirs(db, row.workspaceRef, found, asking);
    const hashed = await hashedAddresses(env, row.workspace, theirs.addresses);
    const respondents = [...new Set(found.respondents)];
    const hashes = await Promise.all(respondents.map((one) => hashesOf(env, row.workspace, one)));
    await eraseRows(db, row, theirs, { texts, mails, hashes: hashes.flat() }, hashed, now);
  }
  const isOver = !isMore && places.responses === null && places.invitations === null;
  return { step: isOver ? "rest" : "rows", after: places };
}

async function eraseRest(run: Run, after: Places): Promise<Progress> {
  const { env, db, row, spellings, address } = run;
  const hashes = await Promise.all(
    secretsOf(env).flatMap((secret) =>
      spellings.map((spelling) => signRespondent(secret, row.workspace, spelling)),
    ),
  );
  const addresses = address === null ? [] : spellings;
  await eraseKnown(db, row, hashes, await hashedAddresses(env, row.workspace, addresses));
  if (address !== null) await forgetValues(db, row, address);
  return { step: "done", after };
}

const beginning: Places = { responses: "", invitations: "" };

/** Continues an erasure while the invocation's budget lasts. Running it concurrently does no harm. */
export async function continueErasure(
  env: Bindings,
  db: Database,
  row: ErasureRow,
  now: number,
): Promise<void> {
  const spellings = fromJson(row.spellings) ?? [];
  const run: Run = { env, db, row, spellings, address: canonicalAddress(spellings[0] ?? ""), now };
  let at: ErasurePlace | null = row.step === "files" ? { ...row, step: "rows" } : row;
  while (at && at.step !== "done" && at.step !== "files") {
    const isRest: boolean = at.step === "rest";
    if (db.left < statementsOf[isRest ? "rest" : "rows"]) return;
    const after = at.after ? fromJson(at.after) : beginning;
    const progress: Progress = await (isRest ? eraseRest(run, after) : eraseNext(run, after));
    at = await moveErasure(db, row, at.after, progress, now);
  }
}

/** Continues the oldest erasure that can go on; true: there may be more to do. */
export async function continueErasures(env: Bindings, db: Database, now: number): Promise<boolean> {
  const row = await nextErasure(db);
  if (!row) return false;
  await continueErasure(env, db, row, now);
  return true;
}
