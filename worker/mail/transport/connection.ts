import { connect } from "cloudflare:sockets";
import type { Fault } from "./mailer.ts";

/** Milliseconds. */
export interface Timeouts {
  connectMs: number;
  /** For one command and its whole reply. */
  replyMs: number;
  /** After the mail's last line: servers examine a mail before they accept it. */
  acceptMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, replyMs: 30_000, acceptMs: 60_000 };

export interface Server {
  host: string;
  port: number;
  tls: "at once" | "starttls" | "none";
}

/** The connection ended, or nothing arrived in time. */
export class Lost extends Error {}

/** There is no connection, or none that is encrypted. */
export class Unconnected extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** The reply is not SMTP. */
export class NotSmtp extends Error {}

export interface Reply {
  code: number;
  /** The text of each line, without the code. */
  lines: string[];
}

/** Characters of one reply. The EHLO reply of a large server has a thousand. */
const replyLimit = 16_384;

const utf8 = new TextEncoder();

/** Lines to and from one server. After a Lost, an Unconnected or a NotSmtp, it cannot be used any more. */
export class Connection {
  readonly #timeouts: Timeouts;
  #socket: Socket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #decoder = new TextDecoder();
  #received = "";

  private constructor(socket: Socket, timeouts: Timeouts) {
    this.#timeouts = timeouts;
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
  }

  /** Throws Unconnected. */
  static async open(server: Server, timeouts: Timeouts): Promise<Connection> {
    const socket = await dial(server, server.tls, timeouts.connectMs).catch(async (error: unknown) => {
      const fault = await diagnose(server, timeouts.connectMs, error);
      throw new Unconnected(fault, `No connection to ${server.host}:${server.port}`);
    });
    return new Connection(socket, timeouts);
  }

  async write(text: string): Promise<void> {
    const writing = this.#writer.write(utf8.encode(text)).catch(() => {
      throw new Lost("The mail server broke the connection");
    });
    await within(this.#timeouts.replyMs, writing);
  }

  async reply(ms: number = this.#timeouts.replyMs): Promise<Reply> {
    return await within(ms, this.#readReply());
  }

  /** Drops what was received before TLS: a man in the middle may have sent it (CVE-2011-0411). */
  async startTls(): Promise<void> {
    this.#reader.releaseLock();
    this.#writer.releaseLock();
    const socket = this.#socket.startTls();
    ignore(socket.closed);
    await within(this.#timeouts.connectMs, socket.opened).catch((error: unknown) => {
      if (error instanceof Lost) throw error;
      throw new Unconnected("tls-failed", "The encrypted connection could not be made");
    });
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
    this.#decoder = new TextDecoder();
    this.#received = "";
  }

  /** Not awaited: closing would wait for a silent server. */
  close(): void {
    ignore(this.#socket.close());
  }

  async #readReply(): Promise<Reply> {
    const lines: string[] = [];
    let code = "";
    let left = replyLimit;
    for (;;) {
      const line = await this.#readLine(left);
      const [, found = "", mark, text = ""] = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? [];
      if (!found || (code && found !== code)) throw new NotSmtp(`It answered: ${line}`);
      code = found;
      lines.push(text);
      left -= line.length;
      if (mark !== "-") return { code: Number(code), lines };
    }
  }

  async #readLine(limit: number): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf("\n");
      if ((end < 0 ? this.#received.length : end) > limit) {
        throw new NotSmtp(`It answered without an end: ${this.#received.slice(0, 100)}`);
      }
      if (end >= 0) {
        const line = this.#received.slice(0, end).replace(/\r$/, "");
        this.#received = this.#received.slice(end + 1);
        return line;
      }
      const { value, done } = await this.#reader.read().catch(() => {
        throw new Lost("The mail server broke the connection");
      });
      if (done) throw new Lost("The mail server closed the connection");
      this.#received += this.#decoder.decode(value, { stream: true });
    }
  }
}

const transports = { "at once": "on", starttls: "starttls", none: "off" } as const;

async function dial({ host, port }: Server, tls: Server["tls"], ms: number): Promise<Socket> {
  const socket = connect(
    { hostname: host, port },
    { secureTransport: transports[tls], allowHalfOpen: false },
  );
  ignore(socket.closed);
  try {
    await within(ms, socket.opened);
    return socket;
  } catch (error) {
    ignore(socket.close());
    throw error;
  }
}

/** workerd has one error text for every connection fault, so two probes tell what it was. */
async function diagnose(server: Server, ms: number, error: unknown): Promise<Fault> {
  if (server.tls === "at once") {
    const plain = await dial(server, "none", ms).catch(() => null);
    if (plain) {
      ignore(plain.close());
      return "tls-failed";
    }
  }
  return error instanceof Lost || (await isKnown(server, ms)) ? "unreachable" : "host-unknown";
}

/**
 * Tells an unknown name from a closed port, by fetch. For an unknown name Cloudflare answers 530 (its error 1016), and
 * a local workerd marks only the closed port as worth retrying.
 */
async function isKnown({ host, port }: Server, ms: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host}:${port}/`, { signal: AbortSignal.timeout(ms) });
    await answer.body?.cancel();
    return answer.status !== 530;
  } catch (error) {
    return error instanceof DOMException || Reflect.get(Object(error), "retryable") === true;
  }
}

/** Rejects with Lost after this time. */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Lost(`The mail server said nothing for ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A failed connection rejects each of its promises. Handling the awaited one is enough. */
function ignore(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
