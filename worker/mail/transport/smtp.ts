import {
  Connection,
  Lost,
  NotSmtp,
  type Reply,
  type Server,
  type Timeouts,
  Unconnected,
} from "./connection.ts";
import { type Fault, type Mail, type Mailbox, type Mailer, type Outcome, reasonOf } from "./mailer.ts";
import { composeMessage } from "./message.ts";

interface SmtpSettings extends Server {
  /** null: the server accepts mail from this network without a login. */
  login: { user: string; password: string } | null;
}

/** The command to which the server answered. */
type Phase = "greeting" | "hello" | "starttls" | "login" | "sender" | "recipient" | "content";

/** What a 5xx means in each phase; null: this recipient is never accepted. */
const faultOf: Record<Phase, Fault | null> = {
  greeting: "provider-refused",
  hello: "provider-refused",
  starttls: "no-tls",
  login: "login-refused",
  sender: "sender-refused",
  recipient: null,
  content: null,
};

/** A 4xx in these phases concerns one recipient or mail. Earlier, at most the sender was named. */
const ofOne: readonly Phase[] = ["recipient", "content"];

/** Enhanced status codes (RFC 3463, without the class) that providers send at the wrong place or as permanent. */
const limits = ["4.5" /* Gmail's daily limit, 550 5.4.5 */, "1.90" /* Exchange Online's, 550 5.1.90 */];
const senders = [
  // Bad sender, which Postfix says only after RCPT.
  "1.7",
  "1.8",
  // Exchange's "may not send as", which it says after DATA.
  "7.60",
  "2.252",
];

/** A final outcome, thrown by the steps before a mail. */
class Stopped extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super(outcome.is);
    this.outcome = outcome;
  }
}

interface Session {
  connection: Connection;
  pipelining: boolean;
  /** Mails that the connection has carried or tried to carry. */
  carried: number;
}

/** RFC 5321 over one connection for many mails. It is opened for the first mail. */
export class SmtpMailer implements Mailer {
  readonly #settings: SmtpSettings;
  readonly #timeouts: Timeouts;
  #session: Session | null = null;
  #wasConnected = false;
  /** Senders of whom a mail was accepted. */
  readonly #known = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(settings: SmtpSettings, timeouts: Timeouts) {
    this.#settings = settings;
    this.#timeouts = timeouts;
  }

  send(mail: Mail): Promise<Outcome> {
    const turn = this.#turn.then(() => this.#send(mail));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#turn;
    const connection = this.#session?.connection;
    if (!connection) return;
    try {
      await connection.write("QUIT\r\n");
      await connection.reply(Math.min(this.#timeouts.replyMs, 2000));
    } catch {
      // Every mail is already settled, so a server that ends rudely changes nothing.
    }
    this.#drop();
  }

  /** Servers end connections that idled or carried enough. Then nothing of this mail was taken, so it is tried anew. */
  async #send(mail: Mail): Promise<Outcome> {
    const reused = this.#session !== null;
    const outcome = await this.#attempt(mail);
    const ended = reused && this.#session === null && outcome.is === "later";
    return ended ? await this.#attempt(mail) : outcome;
  }

  async #attempt(mail: Mail): Promise<Outcome> {
    let handedOver = false;
    try {
      const session = this.#session ?? (await this.#open(mail.from.address));
      this.#session = session;
      const { connection } = session;
      const refused = await this.#envelope(session, mail);
      session.carried += 1;
      if (refused) {
        const { phase, reply } = refused;
        // 452 4.5.3: a limit of recipients, which some servers count over the connection.
        if (reply.code === 421 || (reply.code === 452 && session.carried > 1)) this.#drop();
        else await this.#reset(connection);
        return this.#judge(phase, reply, mail);
      }
      await connection.write(dotStuffed(composeMessage(mail)));
      // From here on the server may have the whole mail. If the connection is lost, so may be its acknowledgement.
      handedOver = true;
      await connection.write(".\r\n");
      const reply = await connection.reply(this.#timeouts.acceptMs);
      if (reply.code === 421) this.#drop();
      if (reply.code < 300) {
        this.#known.add(mail.from.address);
        return { is: "sent" };
      }
      if (reply.code < 400) throw new NotSmtp(`It answered: ${shown(reply)}`);
      return this.#judge("content", reply, mail);
    } catch (error) {
      this.#drop();
      if (error instanceof Stopped) return error.outcome;
      const reason = error instanceof Error ? reasonOf(error.message) : "";
      if (handedOver) return { is: "in-doubt", reason };
      if (error instanceof Lost) return { is: "later", reason, afterMs: null, everybody: true };
      if (error instanceof NotSmtp) return { is: "broken", fault: "not-smtp", reason };
      if (!(error instanceof Unconnected)) throw error;
      // A connection worked before, so the settings are right and the server is down.
      if (this.#wasConnected) return { is: "later", reason, afterMs: null, everybody: true };
      return { is: "broken", fault: error.fault, reason };
    }
  }

  /** A connection that is ready for mail. Throws what ends the attempt. */
  async #open(from: string): Promise<Session> {
    const { login, tls } = this.#settings;
    const connection = await Connection.open(this.#settings, this.#timeouts);
    try {
      this.#expect("greeting", await connection.reply(), [220]);
      let offers = await this.#hello(connection, from);
      if (tls === "starttls") {
        if (!offers.has("STARTTLS")) this.#stop("no-tls", "The mail server does not offer STARTTLS");
        this.#expect("starttls", await this.#command(connection, "STARTTLS"), [220]);
        await connection.startTls();
        // Offers from before TLS may come from a man in the middle.
        offers = await this.#hello(connection, from);
      }
      if (login) await this.#logIn(connection, login, (offers.get("AUTH") ?? "").split(" "));
      this.#wasConnected = true;
      return { connection, pipelining: offers.has("PIPELINING"), carried: 0 };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** What the server offers, by keyword. A Worker has no network name of its own, so it gives the sender's domain. */
  async #hello(connection: Connection, from: string): Promise<Map<string, string>> {
    const domain = from.slice(from.lastIndexOf("@") + 1);
    const { lines } = this.#expect("hello", await this.#command(connection, `EHLO ${domain}`), [250]);
    const offers = lines.slice(1).map((line) => {
      // Some old servers write AUTH=PLAIN.
      const [keyword = "", ...values] = line.toUpperCase().split(/[ =]/);
      return [keyword, values.join(" ")] as const;
    });
    return new Map(offers);
  }

  async #logIn(connection: Connection, login: { user: string; password: string }, offered: string[]) {
    const { user, password } = login;
    const steps = offered.includes("PLAIN")
      ? [`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`]
      : ["AUTH LOGIN", base64(user), base64(password)];
    if (!offered.includes("PLAIN") && !offered.includes("LOGIN")) {
      this.#stop("login-refused", "The mail server offers no login by password (AUTH PLAIN or LOGIN)");
    }
    for (const [index, step] of steps.entries()) {
      const reply = await this.#command(connection, step);
      // A server may repeat a command that it does not know, secrets included.
      const secrets = [password, base64(password), base64(`\0${user}\0${password}`)];
      const lines = reply.lines.map((line) =>
        secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), line),
      );
      this.#expect("login", { ...reply, lines }, [index < steps.length - 1 ? 334 : 235]);
    }
  }

  /** Sends sender, recipient and DATA, together where the server allows it; null: it waits for the mail. */
  async #envelope(
    { connection, pipelining }: Session,
    mail: Mail,
  ): Promise<{ phase: Phase; reply: Reply } | null> {
    const commands = [
      ["sender", `MAIL FROM:<${mail.from.address}>`],
      ["recipient", `RCPT TO:<${mail.to.address}>`],
      ["content", "DATA"],
    ] as const;
    if (pipelining) await connection.write(commands.map(([, command]) => `${command}\r\n`).join(""));
    let refused: { phase: Phase; reply: Reply } | null = null;
    for (const [phase, command] of commands) {
      const reply = pipelining ? await connection.reply() : await this.#command(connection, command);
      const isGood = phase === "content" ? reply.code === 354 : reply.code < 300;
      if (isGood && phase === "content" && refused) {
        // RFC 2920, section 3.1: the server waits for a mail to nobody.
        await connection.write(".\r\n");
        await connection.reply();
      }
      if (isGood) continue;
      if (reply.code < 400) throw new NotSmtp(`It answered: ${shown(reply)}`);
      refused ??= { phase, reply };
      // After 421, the server says nothing more.
      if (!pipelining || reply.code === 421) break;
    }
    return refused;
  }

  async #command(connection: Connection, command: string): Promise<Reply> {
    await connection.write(`${command}\r\n`);
    return await connection.reply();
  }

  /** Resets for the next mail. A connection that cannot even do that is dropped. */
  async #reset(connection: Connection): Promise<void> {
    const reply = await this.#command(connection, "RSET").catch(() => null);
    if (reply?.code !== 250) this.#drop();
  }

  #drop(): void {
    this.#session?.connection.close();
    this.#session = null;
  }

  #stop(fault: Fault, reason: string): never {
    throw new Stopped({ is: "broken", fault, reason });
  }

  #expect(phase: Phase, reply: Reply, codes: number[]): Reply {
    if (codes.includes(reply.code)) return reply;
    if (reply.code < 400) throw new NotSmtp(`It answered: ${shown(reply)}`);
    throw new Stopped(this.#judge(phase, reply, null));
  }

  #judge(phase: Phase, reply: Reply, mail: Mail | null): Outcome {
    const doubted = mail !== null && !this.#known.has(mail.from.address) ? mail : null;
    return judge(phase, reply, doubted, this.#settings.login !== null);
  }
}

/**
 * What a 4xx or 5xx means. `doubted`: the mail whose sender or login may be refused; null: none was named yet, or the
 * server has accepted one from the same sender.
 */
function judge(phase: Phase, reply: Reply, doubted: Mail | null, loggedIn: boolean): Outcome {
  const { code, lines } = reply;
  const reason = shown(reply);
  const broken = (fault: Fault): Outcome => ({ is: "broken", fault, reason });
  const status = /^[45]\.(\d{1,3}\.\d{1,3})\b/.exec(lines[0] ?? "")?.[1] ?? "";
  if (code === 421 || limits.includes(status)) return { is: "later", reason, afterMs: null, everybody: true };
  if (code < 500) {
    // X.1.* concerns an address (RFC 3463): here the sender's, which belongs to one workspace.
    const everybody = !ofOne.includes(phase) && !(phase === "sender" && status.startsWith("1."));
    return { is: "later", reason, afterMs: null, everybody };
  }
  // FTP servers greet like mail servers, but do not know EHLO.
  if (phase === "hello" && (code === 500 || code === 502)) return broken("not-smtp");
  if (doubted) {
    // Servers that want a login first say this of every recipient.
    if (code === 530 || (!loggedIn && phase !== "content" && (code === 503 || status === "7.1")))
      return broken("login-refused");
    // Postfix refuses a sender only after RCPT, and names it: `553 5.7.1 <from>: Sender address rejected`.
    const names = ({ address }: Mailbox) => lines.join().toLowerCase().includes(address.toLowerCase());
    if (senders.includes(status) || (names(doubted.from) && !names(doubted.to)))
      return broken("sender-refused");
  }
  const fault = faultOf[phase];
  return fault ? broken(fault) : { is: "refused", reason };
}

/** The message as DATA takes it: a line that begins with a dot would end it. */
export const dotStuffed = (message: string): string => message.replace(/^\./gm, "..");

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const shown = ({ code, lines }: Reply): string => reasonOf(`${code} ${lines.join(" ")}`);
