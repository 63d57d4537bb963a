import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail that the server has accepted. */
export interface TakenMail {
  to: string;
  raw: string;
}

export interface MailServer {
  port: number;
  /** For MAIL_URL, if the server neither encrypts nor requires a password. */
  url: string;
  taken: TakenMail[];
  stop: () => Promise<void>;
}

/** An error with the code that the server answers. */
export const smtpError = (code: number, text: string) =>
  Object.assign(new Error(text), { responseCode: code });

/** null: the mail is accepted. */
export type Verdict = Error | null | "cut" | "taken, then cut";

/** A real SMTP server on 127.0.0.1. `judge` may refuse a complete mail, or break the connection. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  judge: (mail: TakenMail) => Verdict | Promise<Verdict> = () => null,
): Promise<MailServer> {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    ...options,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const mail = {
          to: session.envelope.rcptTo[0]?.address ?? "",
          raw: Buffer.concat(chunks).toString("latin1"),
        };
        const verdict = await judge(mail);
        if (verdict === null || verdict === "taken, then cut") taken.push(mail);
        if (typeof verdict !== "string") return done(verdict);
        for (const connection of server.connections)
          if (connection.session.id === session.id) connection.close();
      });
    },
  });
  // Some tests cut connections on purpose.
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  if (!listening.listening) await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}?tls=none`,
    taken,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
