import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime, { type Address } from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { ListedMail, WholeMail } from "../../worker/demo/demo-mails.ts";

export interface Mailbox {
  /** For MAIL_URL. */
  mailUrl: string;
  /** For DEMO_MAILBOX_URL: `/mails` lists them, newest first, and `/mails/ID` is one, whole. */
  mailboxUrl: string;
  stop: () => Promise<void>;
}

/** The oldest are forgotten: they are kept in memory, and nobody looks through more. */
const maxMails = 500;

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const written = ({ name, address = "" }: Address): string => (name ? `${name} <${address}>` : address);

async function readMail(raw: Buffer): Promise<WholeMail> {
  const { from, to = [], subject = "", html = "", text = "", headers } = await PostalMime.parse(raw);
  return {
    // Not a count: a page that is still open must not find another mail under its number after a new start.
    id: randomUUID(),
    from: from ? written(from) : "",
    to: to.map(written).join(", "),
    subject,
    at: new Date().toISOString(),
    html,
    text,
    headers: headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
  };
}

/** A mail server of this machine that passes nothing on, and an address at which its mails are read. */
export async function startMailbox(): Promise<Mailbox> {
  const mails: WholeMail[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    async onData(stream, _, done) {
      try {
        mails.unshift(await readMail(await buffer(stream)));
        mails.length = Math.min(mails.length, maxMails);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error("The mail could not be read"));
      }
    },
  });
  // A sender that breaks off is no reason to end.
  smtp.on("error", () => undefined);
  const http = createServer(({ url }, answer) => {
    const [, id] = /^\/mails(?:\/([\w-]+))?$/.exec(url ?? "") ?? [null, ""];
    const found =
      id === undefined
        ? mails.map(({ html: _html, text: _text, headers: _headers, ...listed }): ListedMail => listed)
        : mails.find((mail) => mail.id === id);
    answer.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    answer.end(JSON.stringify(found ?? null));
  });
  const mailPort = await portOf(smtp.listen(0, "127.0.0.1"));
  const port = await portOf(http.listen(0, "127.0.0.1"));
  return {
    mailUrl: `smtp://127.0.0.1:${mailPort}?tls=none`,
    mailboxUrl: `http://127.0.0.1:${port}`,
    async stop() {
      http.closeAllConnections();
      http.close();
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}
