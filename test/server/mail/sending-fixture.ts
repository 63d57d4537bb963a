import PostalMime, { type Email } from "postal-mime";
import { afterAll, beforeAll } from "vitest";
import { type Server, startServer } from "../../harness.ts";
import { type MailServer, smtpError, startMailServer, type TakenMail } from "../../mail-server.ts";
import { setSender } from "./mailing.ts";

/** The mail server's errors for some addresses. */
export const answers: Record<string, () => Error> = {
  "gone@shop.example": () => smtpError(550, "5.1.1 No such mailbox"),
  "full@shop.example": () => smtpError(452, "4.2.2 Mailbox full"),
  "spam@shop.example": () => smtpError(554, "5.7.1 Looks like spam"),
};

export let server: Server;

export let mails: MailServer;

export async function parse(mail: TakenMail): Promise<Email> {
  const email = await PostalMime.parse(mail.raw);
  return { ...email, text: email.text?.replaceAll("\r\n", "\n") ?? "" };
}

export const takenFor = (address: string) => mails.taken.filter(({ to }) => to === address);

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeAll(async () => {
    mails = await startMailServer({}, ({ to }) =>
      to === "spam@shop.example" ? (answers[to]?.() ?? null) : null,
    );
    server = await startServer({
      vars: {
        MAIL_URL: mails.url,
        MAILS_A_MINUTE: "1000",
        RECIPIENTS_A_MINUTE: "1000",
        MAIL_EVENTS_SECRET: "whsec_dGVzdCBzZWNyZXQgb2YgZXZlbnRz",
      },
    });
    await setSender(server);
  });
  afterAll(async () => {
    await server.stop();
    await mails.stop();
  });
}
