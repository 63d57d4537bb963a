import type { Context } from "hono";
import * as z from "zod";
import type { MailSettings } from "../../shared/contract/mail/mail.ts";
import { Recipient } from "../../shared/contract/mail/sends.ts";
import type { FieldError } from "../../shared/contract/problem.ts";
import { propertyOf } from "../../shared/files/delimited.ts";
import { roundedFault, unmarkedAddress } from "../../shared/files/spreadsheets.ts";
import { canonicalSpelling } from "../../shared/mail/addresses.ts";
import { actByHand } from "../audit/act.ts";
import type { Database } from "../db/database.ts";
import { fromJson } from "../db/json.ts";
import type { App, Bindings, Caller } from "../environment.ts";
import { orNotFound, Problem } from "../http/problem.ts";
import { fieldErrors, jsonPointer } from "../http/validation.ts";
import { invitationIds, publicId } from "../invitations/codes.ts";
import { type InvitationRow, insertInvitations, type NewInvitation } from "../invitations/db/invitations.ts";
import type { InvitedSpelling } from "../people/db/spellings.ts";
import { hashesOf, respondentHash, spellingsOf, suppressionKey } from "../people/person.ts";
import { newResponseId } from "../secrets/ids.ts";
import { findWorkspace } from "../workspaces/db/workspaces.ts";
import { insertMails, type NewMail } from "./db/mails.ts";
import { type MailedAddress, recallSuppressions } from "./db/suppressions.ts";
import { findTemplate, type TemplateRow } from "./db/templates.ts";
import { missingToSend } from "./status.ts";

/** The sender of the workspace's mails. Throws a conflict that says what is missing before any mail can be sent. */
export async function requireSender(c: Context<App>, caller: Caller): Promise<MailSettings> {
  const workspace = orNotFound(await findWorkspace(c.var.db, caller.workspace));
  const sender = fromJson(workspace.mail);
  const [missing] = missingToSend(c.env, workspace);
  if (missing || !sender) throw new Problem("conflict", { detail: missing });
  return sender;
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

/** What recipients are asked, and how they are told. */
interface Sending {
  touchpointRef: number;
  surveyRef: number;
  templateRef: number | null;
  campaignRef: number | null;
  changeable: boolean;
  /** Unix ms; null: when the campaign's turn comes. */
  dueAt: number | null;
  expiresAt: number;
  /** The origin of the links. */
  origin: string;
}

/** One recipient, and the name by which its invitation is made only once; undefined: a new one each time. */
export interface Invited {
  recipient: Recipient;
  name: string | undefined;
}

/** What to write for each recipient, in order. */
export interface Inviting {
  invitations: NewInvitation[];
  mails: NewMail[];
  /** How hosts may spell the recipients. */
  spellings: InvitedSpelling[];
  /** Of an erased address, the suppressions have only a hash. A mail to it makes it known again. */
  recalled: MailedAddress[];
  /** The hashes by which an erasure may know each recipient: of their id and of their address. */
  hashes: string[][];
}

export async function inviting(
  env: Bindings,
  db: Database,
  workspaceId: string,
  sending: Sending,
  invited: readonly Invited[],
): Promise<Inviting> {
  const { touchpointRef, surveyRef, templateRef, campaignRef, changeable, dueAt, expiresAt, origin } =
    sending;
  const names = invited.map(({ name }) => name);
  const ids = await invitationIds(env, db, workspaceId, names);
  const made = await Promise.all(
    invited.map(async ({ recipient }, index) => {
      const { email, respondent, properties, locale, time_zone: timeZone } = recipient;
      const id = ids[index] ?? "";
      const hashes = await hashesOf(env, workspaceId, email);
      const [hash = ""] = hashes;
      const isForId = respondent !== undefined;
      const person = isForId ? await respondentHash(env.CANDOR_SECRET, workspaceId, respondent) : hash;
      return {
        invitation: {
          id,
          touchpointRef,
          surveyRef,
          response: newResponseId(id),
          channel: "email" as const,
          respondent: canonicalSpelling(respondent ?? email),
          properties: properties ?? null,
          locale: locale ?? null,
          changeable,
          expiresAt,
        },
        mail: {
          invitation: id,
          campaignRef,
          templateRef,
          origin,
          address: email,
          person,
          dueAt,
          addressee: isForId ? hash : null,
          name: recipient.name ?? null,
          timeZone: timeZone ?? null,
        },
        hashes,
      };
    }),
  );
  const named = invited.map(({ recipient: { email, respondent } }, index) => ({
    invitation: ids[index] ?? "",
    respondent: respondent ?? email,
  }));
  return {
    invitations: made.map(({ invitation }) => invitation),
    mails: made.map(({ mail }) => mail),
    spellings: await spellingsOf(env, workspaceId, named),
    recalled: made.flatMap(({ mail: { invitation, address }, hashes }) =>
      hashes.map((hash) => ({
        invitation,
        address: canonicalSpelling(address),
        key: suppressionKey(hash),
      })),
    ),
    hashes: made.map(({ mail, hashes }) => [mail.person, ...hashes]),
  };
}

/** Makes one recipient's invitation and mail. Answers the invitation as it is now stored. */
export async function invite(
  c: Context<App>,
  caller: Caller,
  sending: Sending,
  invited: Invited,
): Promise<InvitationRow | undefined> {
  const made = await inviting(c.env, c.var.db, caller.workspaceId, sending, [invited]);
  const { invitations, mails, spellings, recalled } = made;
  const rows = await insertInvitations(c.var.db, caller.workspace, invitations, c.var.now, {
    spellings,
    mails: [insertMails(caller.workspace, mails), recallSuppressions(caller.workspace, recalled)],
    act: actByHand(c, caller, "send.made", publicId(invitations[0]?.id ?? "")),
  });
  return invitations[0] && rows.get(invitations[0].id);
}

/** The recipient, or what is wrong with it. */
export function parseRecipient(given: unknown): Recipient | FieldError[] {
  const { data, error } = Recipient.safeParse(given);
  return data ?? fieldErrors(error ?? new z.ZodError([]), jsonPointer);
}

/** The recipient in a file's row, or what is wrong with it. What programs send as JSON no spreadsheet has rounded. */
export function parseRow(given: unknown): Recipient | FieldError[] {
  const recipient = parseRecipient(given);
  if (Array.isArray(recipient)) return recipient;
  const fault = roundedFault(recipient.respondent ?? "");
  return fault === null ? recipient : [{ pointer: "/respondent", detail: fault }];
}

const columnNames: Record<string, string> = {
  "e-mail": "email",
  email_address: "email",
  full_name: "name",
  language: "locale",
  timezone: "time_zone",
};
const ownColumns = ["email", "name", "respondent", "locale", "time_zone"];

/** What each column holds, even without a title. Unknown names are properties. "": no possible name. */
const columnsOf = (header: readonly string[]): string[] =>
  header.map((title, index) => {
    const property = propertyOf(title || `column ${index + 1}`);
    const name = property.toLowerCase();
    const known = columnNames[name] ?? name;
    return ownColumns.includes(known) ? known : property;
  });

/** Why rows below this header cannot be read completely; null: they can. */
export function headerFault(header: readonly string[]): string | null {
  const columns = columnsOf(header);
  const titleOf = (index: number) => JSON.stringify(header[index]?.slice(0, 60));
  const faults = columns.flatMap((name, index) => {
    const first = columns.indexOf(name);
    if (name === "") return `The column ${titleOf(index)} cannot be the name of a property`;
    return first < index ? `The columns ${titleOf(first)} and ${titleOf(index)} are both ${name}` : [];
  });
  return columns.includes("email") ? (faults[0] ?? null) : "The first line has no column called email";
}

/** Reads rows below a header as recipients. */
export function recipientReader(header: readonly string[]): (row: readonly string[]) => unknown {
  const columns = columnsOf(header);
  return (row) => {
    const fields = columns.flatMap((name, index) => {
      const value = unmarkedAddress(row[index]?.trim() ?? "");
      return value ? [[name, value] as const] : [];
    });
    const properties = fields.filter(([name]) => !ownColumns.includes(name));
    return {
      ...Object.fromEntries(fields.filter(([name]) => ownColumns.includes(name))),
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    };
  };
}
