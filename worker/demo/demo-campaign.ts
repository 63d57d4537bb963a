import type { Context } from "hono";
import { Misread, textOf } from "../../shared/files/decoding.ts";
import { readDelimited } from "../../shared/files/delimited.ts";
import { answeredAt } from "../asking/offered.ts";
import type { App, Caller } from "../environment.ts";
import { orNotFound, Problem } from "../http/problem.ts";
import { findCampaign, insertCampaign, updateCampaign } from "../mail/db/campaigns.ts";
import { listTemplates } from "../mail/db/templates.ts";
import { readFiles, takeList } from "../mail/recipient-files.ts";
import { headerFault, parseRow, recipientReader, requireSender } from "../mail/recipients.ts";
import { newId } from "../secrets/ids.ts";

/** The touchpoint at which the mailbox's campaigns ask. */
export const mailedTouchpoint = "relationship";

/** The mailbox keeps this many mails. */
const maxRecipients = 500;

const people = [
  "Ana Souza",
  "Ben Okafor",
  "Chloé Martin",
  "Daniel Kim",
  "Elif Yılmaz",
  "Farid Haddad",
  "Grace Lee",
  "Hana Sato",
  "Igor Novak",
  "Julia Weber",
  "Kofi Mensah",
  "Lena Fischer",
  "Mateo García",
  "Nadia Rahman",
  "Oskar Lindqvist",
  "Priya Nair",
  "Quinn Murphy",
  "Rosa Romano",
  "Sofía Morales",
  "Tomás Silva",
];

/** A CSV of 20 people who were never asked. The addresses are new each time: the clocks would skip earlier ones. */
export function samplePeople(now: number): string {
  const rows = people.map((name) => {
    const [first = ""] = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().split(" ");
    return `${first}.${now.toString(36)}@demo.example,${name}`;
  });
  return ["email,name", ...rows].join("\n");
}

const refused = (detail: string) => new Problem("invalid-input", { detail });
const nobody = () => refused("Below the line that names the columns there is nobody to ask");

/** Throws a 422 about the first who cannot be asked. The API would report the others, but a page asks again. */
async function readPeople(csv: string): Promise<unknown[]> {
  const given: unknown[] = [];
  try {
    const { header, rows } = await readDelimited(textOf(new Blob([csv]).stream(), null));
    if (header.length === 0) throw nobody();
    const fault = headerFault(header);
    if (fault !== null) throw refused(fault);
    const read = recipientReader(header);
    for await (const batch of rows)
      for (const { cells } of batch) given.push({ email: "", ...Object(read(cells)) });
  } catch (error) {
    if (error instanceof Misread) throw refused(error.message);
    throw error;
  }
  if (given.length === 0) throw nobody();
  if (given.length > maxRecipients) throw refused(`The mailbox keeps ${maxRecipients} mails: send fewer`);
  for (const [index, one] of given.entries()) {
    const recipient = parseRow(one);
    const [wrong] = Array.isArray(recipient) ? recipient : [];
    if (wrong) throw refused(`Recipient ${index + 1}: ${wrong.pointer.slice(1)} ${wrong.detail}`);
  }
  return given;
}

/** Asks everybody in a CSV by mail, as a campaign that runs at once. Throws a problem that says what is wrong. */
export async function startCampaign(c: Context<App>, caller: Caller, csv: string): Promise<void> {
  const { db, now } = c.var;
  const given = await readPeople(csv);
  await requireSender(c, caller);
  const asked = await answeredAt(c, caller, mailedTouchpoint, null);
  const [template] = await listTemplates(db, caller.workspace, "", 1);
  const id = newId("cmp");
  await insertCampaign(db, caller.workspace, {
    id,
    name: "From the local mailbox",
    createdAt: now,
    touchpointRef: asked.touchpointRef,
    surveyRef: asked.survey.ref,
    templateRef: template?.ref ?? null,
    startsAt: null,
    endsAt: null,
    mailsPerHour: null,
    remindAfterDays: null,
  });
  const draft = orNotFound(await findCampaign(db, caller.workspace, id));
  await readFiles(c.env, db, now, await takeList(c, caller, draft, given), maxRecipients);
  await updateCampaign(db, draft, { state: { to: "running", from: ["draft"] } }, now);
}
