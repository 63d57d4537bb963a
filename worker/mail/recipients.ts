import type { Context } from "hono";
import * as z from "zod";
import { canonicalPerson } from "../../shared/addresses.ts";
import { propertyName } from "../../shared/contract/fields.ts";
import { Recipient } from "../../shared/contract/sends.ts";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { type InvitationRow, insertInvitations } from "../db/invitations.ts";
import { rememberSpellings } from "../db/spellings.ts";
import { recallSuppressions } from "../db/suppressions.ts";
import { findTemplate, type TemplateRow } from "../db/templates.ts";
import { findWorkspace, type WorkspaceRow } from "../db/workspaces.ts";
import { fieldErrors, jsonPointer } from "../endpoint.ts";
import { newResponseId } from "../ids.ts";
import { newInvitationId } from "../invitation.ts";
import { spellingsOf, suppressionKeys } from "../people.ts";
import { type FieldError, Problem } from "../problem.ts";
import { respondentHash } from "../secrets.ts";
import { missingToSend } from "./status.ts";

/** The workspace, if it can send. Throws a conflict that says what is missing. */
export async function sendingWorkspace(c: Context<App>, caller: Caller): Promise<WorkspaceRow> {
  const workspace = await findWorkspace(c.var.db, caller.workspace);
  if (!workspace) throw new Problem("not-found");
  const [missing] = missingToSend(c.env, workspace);
  if (missing) throw new Problem("conflict", { detail: missing });
  return workspace;
}

/** Throws a 422 that names the field. */
export async function templateNamed(
  c: Context<App>,
  caller: Caller,
  id: string | undefined,
): Promise<TemplateRow | null> {
  const template = id === undefined ? null : await findTemplate(c.var.db, caller.workspace, id);
  if (id !== undefined && !template) throw Problem.field("/template", "there is no such template");
  return template;
}

/** What is asked of recipients, and how they are told. */
export interface Sending {
  touchpointRef: number;
  surveyRef: number;
  templateRef: number | null;
  campaignRef: number | null;
  changeable: boolean;
  /** Unix ms; null: when the campaign runs. */
  dueAt: number | null;
  expiresAt: number;
}

/** One recipient, and the name by which its invitation is made once; undefined: each is another one. */
export interface Invited {
  recipient: Recipient;
  name: string | undefined;
}

/** Makes the invitation and the mail of each. Answers the invitations as they are stored now, in order. */
export async function invite(
  c: Context<App>,
  caller: Caller,
  sending: Sending,
  invited: readonly Invited[],
): Promise<(InvitationRow | undefined)[]> {
  const { CANDOR_SECRET: secret } = c.env;
  const { origin } = new URL(c.req.url);
  const { touchpointRef, surveyRef, templateRef, campaignRef, changeable, dueAt, expiresAt } = sending;
  const made = await Promise.all(
    invited.map(async ({ recipient, name }) => {
      const { email, respondent, properties, locale, time_zone: timeZone } = recipient;
      const id = await newInvitationId(caller.workspaceId, name);
      const person = await respondentHash(secret, caller.workspaceId, respondent ?? email);
      return {
        invitation: {
          ...{ id, touchpointRef, surveyRef, response: newResponseId(id), channel: "email" as const },
          ...{
            respondent: canonicalPerson(respondent ?? email),
            properties: properties ?? null,
            locale: locale ?? null,
          },
          ...{ changeable, expiresAt },
        },
        mail: {
          ...{ invitation: id, campaignRef, templateRef, origin, address: email, person, dueAt },
          ...{ name: recipient.name ?? null, timeZone: timeZone ?? null },
        },
      };
    }),
  );
  // Of an address that was erased, the list of suppressions has a hash: from now on it is known again.
  const keys = await Promise.all(
    invited.map(async ({ recipient: { email } }) => {
      const [address = "", ...hashed] = await suppressionKeys(c.env, caller.workspaceId, email);
      return hashed.map((key) => ({ address, key }));
    }),
  );
  await recallSuppressions(c.var.db, caller.workspace, keys.flat());
  const named = invited.map(({ recipient: { email, respondent } }) => respondent ?? email);
  await rememberSpellings(c.var.db, caller.workspace, await spellingsOf(c.env, caller.workspaceId, named));
  const rows = await insertInvitations(
    c.var.db,
    caller.workspace,
    made.map(({ invitation }) => invitation),
    c.var.now,
    made.map(({ mail }) => mail),
  );
  return made.map(({ invitation }) => rows.get(invitation.id));
}

/** A recipient as it was given, or what is wrong with it. */
export function readRecipient(given: unknown): Recipient | FieldError[] {
  const { data, error } = Recipient.safeParse(given);
  return data ?? fieldErrors(error ?? new z.ZodError([]), jsonPointer);
}

const columnNames: Record<string, string> = {
  "e-mail": "email",
  email_address: "email",
  full_name: "name",
  language: "locale",
  timezone: "time_zone",
};
const ownColumns = ["email", "name", "respondent", "locale", "time_zone"];

/** Reads rows below a header as recipients; columns of other names are properties. Throws a 422 about the header. */
export function recipientReader(header: readonly string[]): (row: readonly string[]) => unknown {
  const columns = header.map((title) => {
    const name = title.trim().toLowerCase().replaceAll(" ", "_");
    const known = columnNames[name] ?? name;
    return ownColumns.includes(known) ? known : title.trim().replaceAll(" ", "_");
  });
  if (!columns.includes("email"))
    throw new Problem("invalid-input", { detail: "The first line has no column called email" });
  const wrong = columns.find((name) => !propertyName.safeParse(name).success);
  if (wrong !== undefined)
    throw new Problem("invalid-input", {
      detail: `The column ${JSON.stringify(wrong.slice(0, 60))} cannot be the name of a property`,
    });
  return (row) => {
    const fields = columns.flatMap((name, index) => {
      const value = row[index]?.trim();
      return value ? [[name, value] as const] : [];
    });
    const properties = fields.filter(([name]) => !ownColumns.includes(name));
    return {
      ...Object.fromEntries(fields.filter(([name]) => ownColumns.includes(name))),
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    };
  };
}
