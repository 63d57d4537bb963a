import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime, { type Address } from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { ListedMail, WholeMail } from "../../worker/demo/demo-mails.ts";

export interface Mailbox {
  /** The value of MAIL_URL. */
  mailUrl: string;
  /** The value of DEMO_MAILBOX_URL: `/mails` lists the mails, newest first, and `/mails/ID` is one complete mail. */
  mailboxUrl: string;
  stop: () => Promise<void>;
}

/** Only the newest mails are kept: they are in memory, and nobody looks through more. */
const maxMails = 500;

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const written = ({ name, address = "" }: Address): string => (name ? `${name} <${address}>` : address);

async function readMail(raw: Buffer): Promise<WholeMail> {
  const { from, to = [], subject = "", html = "", text = "", headers } = await PostalMime.parse(raw);
  return {
    // A random id instead of a counter: after a restart, a page that is still open must not find another mail under its id.
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

/** Starts a local mail server that forwards nothing, and an HTTP address where its mails are read. */
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
  // A sender that breaks off must not end the process.
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
