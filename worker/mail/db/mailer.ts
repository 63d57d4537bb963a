import type { Database } from "../../db/database.ts";

/** The state of the deployment's one mail provider. */
export interface MailerRow {
  /** Unix ms: nothing is sent before this. */
  heldUntil: number;
  /** Consecutive failures. */
  failures: number;
  fault: string | null;
  answer: string | null;
}

export const readMailer = async (db: Database): Promise<MailerRow> =>
  (await db.first<MailerRow>("SELECT held_until AS heldUntil, failures, fault, answer FROM mailer")) ?? {
    heldUntil: 0,
    failures: 0,
    fault: null,
    answer: null,
  };

export async function writeMailer(
  db: Database,
  { heldUntil, failures, fault, answer }: MailerRow,
): Promise<void> {
  await db.all(
    `INSERT INTO mailer (one, held_until, failures, fault, answer) VALUES (1, ?1, ?2, ?3, ?4)
     ON CONFLICT DO UPDATE SET held_until = excluded.held_until, failures = excluded.failures, fault = excluded.fault,
       answer = excluded.answer`,
    heldUntil,
    failures,
    fault,
    answer,
  );
}
