/** A mail as the demo's mailbox lists it. scripts/demo/mailbox.ts keeps them. */
export interface ListedMail {
  id: string;
  /** In the form that mail programs show: `Name <address>`. */
  from: string;
  to: string;
  subject: string;
  /** RFC 3339: when the mail arrived. */
  at: string;
}

export interface WholeMail extends ListedMail {
  html: string;
  text: string;
  headers: { name: string; value: string }[];
}

/** Newest first. null: the mailbox does not answer. */
export async function listMails(mailboxUrl: string): Promise<ListedMail[] | null> {
  const answer = await fetch(`${mailboxUrl}/mails`).catch(() => null);
  return answer?.ok ? await answer.json<ListedMail[]>() : null;
}

/** null: there is none, or the mailbox does not answer. */
export async function findMail(mailboxUrl: string, id: string): Promise<WholeMail | null> {
  const answer = await fetch(`${mailboxUrl}/mails/${id}`).catch(() => null);
  return answer?.ok ? await answer.json<WholeMail>() : null;
}
